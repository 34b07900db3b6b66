import type { Happening } from '../history';
import { hasDied, runViolations, type StoryRun } from './run-story';

/** The end of a task, as the history tells it. */
const stopped = (who: string, exitCode: number): Happening => ({
  milliseconds: 0,
  what: 'task',
  who,
  text: '',
  exitCode,
  keys: [],
});
const STORY = { ends: ['renditions'], endsAfterDeath: ['WorkerLost'] };
const RUN: StoryRun = { ends: 'renditions', happenings: [], defects: [] };
const DEATH: StoryRun = { ...RUN, victim: 'a', happenings: [stopped('b', 0), stopped('a', 137)] };

describe('a run of a story is well when', () => {
  test.each<[string, StoryRun]>([
    ['it ends as it should and no worker was to die', RUN],
    ['the worker that was to die has died', DEATH],
    ['it ends as only a death makes it end', { ...DEATH, ends: 'WorkerLost' }],
  ])('%s', (_what, run) => {
    expect(runViolations(STORY, run)).toEqual([]);
    expect(hasDied(run)).toBe(run.victim !== undefined);
  });
});

describe('a run of a story fails when', () => {
  test.each<[string, StoryRun, RegExp]>([
    [
      'it ends as something else',
      { ...RUN, ends: 'Internal' },
      /ends as Internal, where only renditions/,
    ],
    [
      'it ends as after a death that there was not',
      { ...RUN, ends: 'WorkerLost' },
      /ends as WorkerLost/,
    ],
    [
      'the worker was not killed',
      { ...DEATH, happenings: [stopped('a', 0)] },
      /was to die and did not/,
    ],
    [
      'another worker was killed',
      { ...DEATH, happenings: [stopped('b', 137)] },
      /was to die and did not/,
    ],
    [
      'the test failed itself',
      { ...RUN, defects: ['No task a is running.'] },
      /No task a is running/,
    ],
  ])('%s', (_what, run, says) => {
    expect(runViolations(STORY, run).map(({ text }) => text)).toEqual([
      expect.stringMatching(says),
    ]);
  });
});
