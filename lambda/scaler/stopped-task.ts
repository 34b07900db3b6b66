import type { EXIT_CODES } from '../../application-code/worker/src/log-lines';
import type { StoppedTask } from './ports';

/**
 * A worker that lived this long has outlived several job timeouts, so that it must have finished something;
 * one that cannot work ends within seconds.
 */
export const PROVEN_AFTER_SECONDS = 300;

/**
 * What a stopped task says about its revision. `inconclusive` is evidence for neither side: AWS or a user ended it.
 */
export type Verdict = 'progress' | 'failure' | 'inconclusive';

/** Exit codes of a worker that finished jobs. The type holds them to the worker's own; the code stays apart from it. */
const PROGRESS: Pick<typeof EXIT_CODES, 'ok' | 'errorAfterProgress'> = { ok: 0, errorAfterProgress: 3 };

/** Above this exit code a signal ended the process, which had no chance to say how far it had come. */
const KILLED_BY_SIGNAL = 128;

/** Judges a stopped task: by its worker's exit code where that is telling, else by who stopped it. */
export function judge(task: StoppedTask): Verdict {
  if (task.lackOfCapacity) return 'inconclusive';
  if (task.exitCode === PROGRESS.ok || task.exitCode === PROGRESS.errorAfterProgress) return 'progress';
  switch (task.stopCode) {
    case 'TaskFailedToStart':
      return 'failure';
    case 'EssentialContainerExited':
      return judgeExit(task);
    default:
      return 'inconclusive';
  }
}

/** A kill (137 for want of memory) is a failure, unless the worker had lived long enough to have worked before. */
function judgeExit(task: StoppedTask): Verdict {
  const killed = task.exitCode !== undefined && task.exitCode > KILLED_BY_SIGNAL;
  const livedSeconds = task.startedAt === undefined ? 0 : (task.stoppedAt - task.startedAt) / 1000;
  return killed && livedSeconds >= PROVEN_AFTER_SECONDS ? 'inconclusive' : 'failure';
}
