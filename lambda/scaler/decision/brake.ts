import type { EXIT_CODES } from '../../../application-code/worker/src/log-lines';
import type { ActiveTask, StoppedTask } from '../ports';

/**
 * `off`: launch as usual. `waiting`: launch nothing. `probe`: launch one task to see whether the
 * fault is gone.
 */
export type Brake = 'off' | 'waiting' | 'probe';

/** Failures in a row that stop the launches. */
export const FAILURES_TO_BRAKE = 5;

const MINUTE = 60_000;
const FIRST_PROBE_AFTER = 1 * MINUTE;
/**
 * Longest wait between two probes. ECS lists a stopped task for an hour, so a few of them can
 * always be seen.
 */
const LONGEST_PROBE_INTERVAL = 15 * MINUTE;
/**
 * After an hour of braking only the probes are still listed, fewer than five of them. Three
 * failures in a row that reach back this far, with nothing else, are such an hour; without this
 * rule the whole fleet would start again.
 */
const LASTING = { failures: 3, span: 25 * MINUTE };

export interface BrakeEvidence {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly active: readonly ActiveTask[];
  readonly stopped: readonly StoppedTask[];
}

/** What a brake goes by: a revision that fails, or something that lets no task start. */
export interface BrakeState {
  /** How a stopped task counts. */
  readonly judge: (task: StoppedTask) => TaskJudgement;
  /** Whether one failure tells as much as five. */
  readonly isConclusive: (failure: StoppedTask) => boolean;
  /** Whether an active task has shown that the fault is gone. */
  readonly isProven: (task: ActiveTask, at: number) => boolean;
}

/** A revision that keeps failing: other revisions' tasks say nothing of it. */
export function revisionBrake(evidence: BrakeEvidence, taskDefinition: string): Brake {
  const isOf = (task: { readonly taskDefinition: string }) =>
    task.taskDefinition === taskDefinition;
  const { at, active, stopped } = evidence;
  const isProven = ({ startedAt }: ActiveTask) =>
    startedAt !== undefined && at - startedAt >= PROVEN_AFTER_SECONDS * 1000;
  return brake(
    { at, active: active.filter(isOf), stopped: stopped.filter(isOf) },
    { judge, isProven, isConclusive: metOutage },
  );
}

/**
 * Tells from the listed tasks alone, without any state of its own, whether a fault lasts. It brakes
 * after five failures in a row, or one that met an outage; a probe is due 1 minute after the last
 * stop, then after twice the last wait, 15 minutes at most. One task that makes progress, stopped
 * or still running, releases it.
 */
export function brake(evidence: BrakeEvidence, by: BrakeState): Brake {
  const failures = failuresInARow(evidence.stopped, by.judge);
  const last = failures[0];
  if (!last || !brakes(failures, by)) return 'off';
  const since = evidence.active.filter((task) => task.createdAt > last.stoppedAt);
  if (since.some((task) => by.isProven(task, evidence.at))) return 'off';
  if (since.length > 0) return 'waiting';
  return evidence.at - last.stoppedAt >= probeInterval(failures) ? 'probe' : 'waiting';
}

/** The failures since the last progress, the latest first. Inconclusive stops are skipped. */
export function failuresInARow(
  stopped: readonly StoppedTask[],
  judge: BrakeState['judge'],
): StoppedTask[] {
  const latestFirst = stopped
    .filter((task) => judge(task) !== 'inconclusive')
    .sort((a, b) => b.stoppedAt - a.stoppedAt);
  const progress = latestFirst.findIndex((task) => judge(task) === 'progress');
  return progress < 0 ? latestFirst : latestFirst.slice(0, progress);
}

/**
 * A worker that has met an outage knows more than five that ended at once; and fewer than five such
 * can be listed at a time.
 */
function brakes(failures: readonly StoppedTask[], { isConclusive }: BrakeState): boolean {
  const [last] = failures;
  if (failures.length >= FAILURES_TO_BRAKE || (last && isConclusive(last))) return true;
  const span = (failures[0]?.stoppedAt ?? 0) - (failures.at(-1)?.stoppedAt ?? 0);
  return failures.length >= LASTING.failures && span >= LASTING.span;
}

/**
 * Twice the longest wait, in whole minutes, between a stop and the launch that followed it among
 * the last failures.
 */
function probeInterval(failures: readonly StoppedTask[]): number {
  const recent = failures.slice(0, FAILURES_TO_BRAKE);
  const waits = recent.map(
    (task, index) => task.createdAt - (recent[index + 1]?.stoppedAt ?? task.createdAt),
  );
  const waited = Math.floor(Math.max(...waits) / MINUTE) * MINUTE;
  return Math.min(LONGEST_PROBE_INTERVAL, Math.max(FIRST_PROBE_AFTER, 2 * waited));
}

/**
 * A worker that lived this long must have finished something. One that cannot work ends within
 * seconds; one that meets an outage ends after ten minutes, to which a job timeout before and a
 * minute of draining are added.
 */
const PROVEN_AFTER_SECONDS = 780;

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
function metOutage(task: StoppedTask): boolean {
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
