import {
  IDLE_EXIT_PATIENCE_SECONDS,
  LOST_SECONDS,
  nextStep,
  SEARCH_AFTER_SECONDS,
  STALLED_SECONDS,
} from './folder-run';

const empty = { backlog: 0, inFlight: 0, delayed: 0 };
const atRest = {
  isUploading: false,
  unsettled: 0,
  depth: empty,
  liveTasks: 0,
  quietSeconds: 0,
  jobTimeoutSeconds: 600,
};

const working = { liveTasks: 1, depth: { ...empty, inFlight: 1 }, unsettled: 1 };

describe('nextStep', () => {
  test.each([
    [{}, 'complete', 'all is accounted for and no task runs'],
    [{ liveTasks: 1 }, 'wait', 'a task has not reached its idle exit'],
    [
      { liveTasks: 1, quietSeconds: IDLE_EXIT_PATIENCE_SECONDS },
      'complete',
      'a task that does not end is drained',
    ],
    [{ isUploading: true }, 'wait', 'more objects come'],
    [{ depth: { ...empty, backlog: 1 } }, 'wait', 'a duplicate event is still there'],
    [{ depth: { ...empty, inFlight: 1 } }, 'wait', 'a job runs'],
    [
      { depth: { ...empty, delayed: 1 }, unsettled: 1, quietSeconds: 200 },
      'wait',
      'a job backs off',
    ],
    [{ unsettled: 1 }, 'wait', 'a report may be on its way'],
    [{ unsettled: 1, quietSeconds: SEARCH_AFTER_SECONDS }, 'search', 'a report was lost'],
    [{ unsettled: 1, quietSeconds: LOST_SECONDS }, 'stalled', 'nothing can still come'],
    [
      { depth: { ...empty, backlog: 9 }, unsettled: 9, quietSeconds: STALLED_SECONDS },
      'stalled',
      'no task takes the jobs',
    ],
    [{ isUploading: true, quietSeconds: STALLED_SECONDS }, 'stalled', 'an upload that hangs'],
    [{ ...working, quietSeconds: STALLED_SECONDS + 599 }, 'wait', 'a job may take this time'],
    [{ ...working, quietSeconds: STALLED_SECONDS + 600 }, 'stalled', 'no job may take this time'],
  ])('with %j says %s: %s', (state, step, _why) => {
    expect(nextStep({ ...atRest, ...state })).toBe(step);
  });
});
