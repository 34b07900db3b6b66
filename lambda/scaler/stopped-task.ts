import type { EXIT_CODES } from '../../application-code/worker/src/log-lines';
import type { StoppedTask } from './ports';

/**
 * A worker that lived this long must have finished something. One that cannot work ends within
 * seconds; one that meets an outage ends after ten minutes, to which a job timeout before and a
 * minute of draining are added.
 */
export const PROVEN_AFTER_SECONDS = 780;

/**
 * What a stopped task says about its revision. `inconclusive` is evidence for neither side: AWS
 * or a user ended it, or something that every revision needs kept it from starting.
 */
export type TaskJudgement = 'progress' | 'failure' | 'inconclusive';

/**
 * The worker's most telling exit codes. The type holds them to the worker's own; the code stays
 * apart from it.
 */
const CODES: Pick<typeof EXIT_CODES, 'ok' | 'errorAfterProgress' | 'destinationFailing'> = {
  ok: 0,
  errorAfterProgress: 3,
  destinationFailing: 75,
};

/**
 * Above this exit code a signal ended the process, which had no chance to say how far it had come.
 */
const KILLED_BY_SIGNAL = 128;

/**
 * Judges a stopped task: by its worker's exit code where that says enough, else by its stop code.
 */
export function judge(task: StoppedTask): TaskJudgement {
  if (task.startFault) return 'inconclusive';
  if (task.exitCode === CODES.ok || task.exitCode === CODES.errorAfterProgress) return 'progress';
  switch (task.stopCode) {
    case 'TaskFailedToStart':
      return 'failure';
    case 'EssentialContainerExited':
      return judgeExit(task);
    default:
      return 'inconclusive';
  }
}

/** Whether its worker has watched an outage of the buckets for ten minutes. */
export function metOutage(task: StoppedTask): boolean {
  return task.exitCode === CODES.destinationFailing;
}

/**
 * A kill (137 for lack of memory) is a failure, unless the worker had lived long enough to have
 * worked before.
 */
function judgeExit(task: StoppedTask): TaskJudgement {
  const killed = task.exitCode !== undefined && task.exitCode > KILLED_BY_SIGNAL;
  const livedSeconds = task.startedAt === undefined ? 0 : (task.stoppedAt - task.startedAt) / 1000;
  return killed && livedSeconds >= PROVEN_AFTER_SECONDS ? 'inconclusive' : 'failure';
}
