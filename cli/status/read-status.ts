import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import { revisionName } from '../../deployer/revisions/revisions';
import { workOf } from '../../lambda/scaler/decision/in-flight';
import type { QueueDepth } from '../../lambda/scaler/ports';
import type { Fleet, JobProgress, RunKind } from '../ports/account';
import { type Knob, knobsOf } from '../target/knobs';
import type { Target } from '../target/target';
import { withDeployed } from '../target/with-deployed';

/** What could not be read, and why; the rest of a status is shown all the same. */
export type Unknown = Readonly<
  Partial<Record<'oldestMessage' | 'lastRun' | 'lastWakeUp' | 'jobs', string>>
>;

/** How a pipeline stands. */
export interface Status {
  readonly work: QueueDepth;
  /** Messages in flight that may be worked on: all of them, except with a destination of shards. */
  readonly worked: number;
  /** Seconds; absent when CloudWatch has no value. */
  readonly oldestMessageSeconds?: number;
  readonly letters: QueueDepth;
  readonly fleet: Fleet;
  /** Jobs that have said lately how far they are, the newest word first. */
  readonly jobs: readonly JobProgress[];
  readonly knobs: readonly Knob[];
  /** `family:revision`; absent until the first image is promoted. */
  readonly promoted?: string;
  /** Absent when the scaler has not run recently. */
  readonly lastRun?: LastRun;
  /** Whether uploads start tasks. */
  readonly wakes: boolean;
  /** Absent when no upload has asked for a run recently. */
  readonly lastWakeUp?: LastRun;
  readonly unknown: Unknown;
}

/** The scaler marks its tasks with it where its variables do not say otherwise. */
const STARTED_BY = 'spillway-scaler';
/**
 * Milliseconds in which a job that is under way says how far it is: its worker logs that every ten
 * seconds at most.
 */
const LATELY = 60_000;
/** Milliseconds in which a last run is looked for. */
export const LOOK_BACK = 24 * 3_600_000;
/** A schedule of a minute has run in the first, a slow one in the second. */
const LOOK_BACK_MILLISECONDS = [10 * 60_000, LOOK_BACK];

/** Everything at once, as of `now`. */
export async function readStatus(target: Target, now: number): Promise<Status> {
  const { account, chosen } = target;
  const { parameterPath, queue, deadLetterQueue, scaler } = chosen;
  return withDeployed(chosen, async () => {
    const variables = await account.scaler.variables(scaler);
    const wakes = Number(variables.WAKE_TASKS ?? 0) > 0;
    const [work, letters, fleet, parameters, oldest, last, wakeUp, jobs] = await Promise.all([
      account.queues.open(queue).then((one) => one.depth()),
      account.queues.open(deadLetterQueue).then((one) => one.depth()),
      account.tasks.fleet(fleetPlaceOf(target, variables)),
      account.parameters.below(parameterPath),
      attempt('oldestMessage', account.metrics.oldestMessageSeconds(queue, now)),
      attempt('lastRun', newestRun(target, now, 'scale')),
      attempt('lastWakeUp', wakes ? newestRun(target, now, 'wake-up') : undefined),
      attempt('jobs', account.jobs.progress(`${parameterPath}worker`, new Date(now - LATELY))),
    ]);
    const promoted = parameters.get(`${parameterPath}${TASK_DEFINITION_PARAMETER}`) ?? NO_IMAGE_YET;
    return {
      work,
      worked: workOf(work, tasksRunning(fleet), heldBy(variables)).inFlight,
      letters,
      fleet,
      knobs: knobsOf({ parameters, parameterPath, variables }),
      ...(promoted !== NO_IMAGE_YET && { promoted: revisionName(promoted) }),
      ...(oldest.value !== undefined && { oldestMessageSeconds: oldest.value }),
      ...(last.value && { lastRun: last.value }),
      wakes,
      ...(wakeUp.value && { lastWakeUp: wakeUp.value }),
      jobs: [...(jobs.value ?? [])].sort((one, other) => other.at - one.at),
      unknown: { ...oldest.unknown, ...last.unknown, ...wakeUp.unknown, ...jobs.unknown },
    };
  });
}

export function fleetPlaceOf({ chosen }: Target, variables: Readonly<Record<string, string>>) {
  const {
    CLUSTER = '',
    STARTED_BY: startedBy = STARTED_BY,
    AWS_ENDPOINT_URL_ECS: endpoint,
  } = variables;
  return {
    cluster: CLUSTER,
    family: chosen.taskFamily,
    startedBy,
    // The proxy before the emulator's ECS knows how tasks ended.
    ...(chosen.endpoint && endpoint && { endpoint }),
  };
}

async function newestRun(
  { account, chosen }: Target,
  now: number,
  kind: RunKind,
): Promise<LastRun | undefined> {
  for (const back of LOOK_BACK_MILLISECONDS) {
    const line = await account.scaler.lastRun(chosen.scaler, new Date(now - back), kind);
    if (line) return lastRunOf(line);
  }
  return undefined;
}

interface Attempt<Value> {
  readonly value?: Value | undefined;
  readonly unknown: Unknown;
}

async function attempt<Value>(
  what: keyof Unknown,
  reading: Promise<Value> | undefined,
): Promise<Attempt<Value>> {
  try {
    return { value: await reading, unknown: {} };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { unknown: { [what]: why } };
  }
}

/** What one task of a deployed pipeline keeps in flight. */
const heldBy = ({ SHARD_SAMPLES, JOBS_AT_A_TIME }: Readonly<Record<string, string>>) => ({
  samples: Number(SHARD_SAMPLES ?? 0),
  jobsAtATime: Number(JOBS_AT_A_TIME ?? 0),
});

const tasksRunning = (fleet: Fleet) =>
  Object.values(fleet).reduce((sum, { running }) => sum + running, 0);

/** Tasks that run or start. */
export const tasksIn = (fleet: Fleet) =>
  Object.values(fleet).reduce((sum, { running, pending }) => sum + running + pending, 0);

export const isPaused = (knobs: readonly Knob[]) =>
  knobs.some((knob) => knob.name === 'enabled' && (knob.override ?? knob.configured) === 'false');

/** The scaler's newest run. */
export interface LastRun {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `launch`, `hold`, or `fail` for a run that could not decide. */
  readonly action: string;
  /** The scaler's own word, such as `enough-tasks`. */
  readonly because: string;
  readonly desired?: number;
  /** Tasks that were launched. */
  readonly launched: number;
  /**
   * What keeps tasks from starting, in a run that probes or is refused, too; absent when nothing
   * does.
   */
  readonly obstacle?: string;
  /** What it made of the jobs, such as `905 jobs at 100 a task: 10 tasks`. */
  readonly reckoning?: string;
  /** Tasks that are missing and could not be had, and what kept them away. */
  readonly lacking?: { readonly tasks: number; readonly because: readonly string[] };
  /** What an operator must fix. */
  readonly error?: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads a line of the scaler's log; a field that is missing is left out. */
function lastRunOf(line: Line): LastRun {
  const decided = Object(line.decided) as Line;
  const done = Object(line.done) as Line;
  const launched = Object(done.launched) as Readonly<Record<string, number>>;
  const obstacle = obstacleOf(Object(line.seen) as Line, done);
  const lacking = lackingOf(line);
  const at = Date.parse(String(line.timestamp));
  return {
    at: Number.isNaN(at) ? 0 : at,
    action: typeof decided.action === 'string' ? decided.action : 'fail',
    because: typeof decided.because === 'string' ? decided.because : 'error',
    ...(typeof decided.desired === 'number' && { desired: decided.desired }),
    launched: Object.values(launched).reduce((sum, count) => sum + count, 0),
    ...(obstacle && { obstacle }),
    ...(typeof line.reckoning === 'string' && { reckoning: line.reckoning }),
    ...(lacking && { lacking }),
    ...(typeof line.error === 'string' && { error: line.error }),
  };
}

function lackingOf({ lacking }: Line): LastRun['lacking'] {
  const { tasks, because } = Object(lacking) as Line;
  return typeof tasks === 'number' && Array.isArray(because)
    ? { tasks, because: because.map(String) }
    : undefined;
}

function obstacleOf(seen: Line, { overQuota }: Line): string | undefined {
  const { brake, fault } = Object(seen.start) as Line;
  if (typeof fault === 'string' && brake !== 'off') return fault;
  if (seen.brake === 'waiting' || seen.brake === 'probe') return 'tasks-failing';
  return typeof overQuota === 'number' && overQuota > 0 ? 'vcpu-quota' : undefined;
}
