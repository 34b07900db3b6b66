import type { QueueDepth } from '../../lambda/scaler/ports';

/** What is known of a run. */
export interface RunState {
  readonly isUploading: boolean;
  /** Uploaded objects that have neither all their outputs in `out/` nor a dead letter. */
  readonly unsettled: number;
  readonly depth: QueueDepth;
  /** Tasks that have not stopped. */
  readonly liveTasks: number;
  /** Seconds since anything changed: an upload, a message, a task, an output. */
  readonly quietSeconds: number;
}

/**
 * What to do next. `complete`: all objects are accounted for. `search`: the queue is empty and an
 * object is missing, so look for outputs that no worker reported. `stalled`: nothing moves.
 */
export type NextStep = 'wait' | 'complete' | 'search' | 'stalled';

/**
 * Longer than any pause of a healthy run: the hidden message of a killed task returns after two
 * minutes.
 */
export const STALLED_SECONDS = 300;

/** The tasks' idle exit takes a few seconds. A task that has not ended by then is drained. */
export const IDLE_EXIT_PATIENCE_SECONDS = 15;

/** An event needs a moment from the bucket to the queue, and a report from the task to us. */
export const SEARCH_AFTER_SECONDS = 3;

/** An object that is missing for this time, with an empty queue, is lost. */
export const LOST_SECONDS = 30;

/** Decides whether a run continues. */
export function nextStep(state: RunState): NextStep {
  const { isUploading, unsettled, depth, liveTasks, quietSeconds } = state;
  const isEmpty = depth.backlog + depth.inFlight + depth.delayed === 0;
  if (quietSeconds >= STALLED_SECONDS) return 'stalled';
  if (isUploading || !isEmpty) return 'wait';
  if (unsettled === 0)
    return liveTasks === 0 || quietSeconds >= IDLE_EXIT_PATIENCE_SECONDS ? 'complete' : 'wait';
  if (quietSeconds >= LOST_SECONDS) return 'stalled';
  return quietSeconds >= SEARCH_AFTER_SECONDS ? 'search' : 'wait';
}
