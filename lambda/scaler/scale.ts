import type { LaunchVariable } from '../../application-code/worker/src/settings';
import { type Decision, decide, NO_TASKS, type Snapshot } from './decision/decide';
import { InvalidParametersError, type Policy, resolvePolicy } from './decision/policy';
import { type Observation, snapshotOf } from './decision/snapshot';
import { besideWakeUps, wakeUp } from './decision/wake-up';
import type { Environment } from './environment';
import { type LaunchTotals, launch } from './launch/launch';
import type { JobMetrics, Network, Parameters, QueueDepth, Tasks, WorkQueue } from './ports';

/** Everything that a run needs besides its settings. */
export interface Ports {
  readonly parameters: Parameters;
  readonly queue: WorkQueue;
  readonly network: Network;
  readonly jobMetrics: JobMetrics;
  readonly tasks: Tasks;
}

export type Settings = Pick<
  Environment,
  | 'pipeline'
  | 'environment'
  | 'parameterPath'
  | 'taskFamily'
  | 'configured'
  | 'subnets'
  | 'maxTaskSeconds'
  | 'scalingPolicy'
  | 'jobSeconds'
  | 'jobsAtATime'
> &
  Partial<Pick<Environment, 'wakeTasks' | 'shardSamples'>>;

export interface Invocation {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that are left to the run. */
  readonly remainingMilliseconds: () => number;
  /** The minute that the run stands for. */
  readonly scheduledMinute: number;
  /** Of a run by hand. */
  readonly invocationId?: string;
  /** Whether an upload asks for it. */
  readonly isWakeUp?: boolean;
  /** Whether a wake-up has seen that upload before, so that the queue shows its message. */
  readonly isSeenAgain?: boolean;
}

/** What a run saw, decided and did. */
export interface Run {
  readonly observation: Observation;
  /** Absent, as the policy, when the parameters are wrong. */
  readonly snapshot?: Snapshot;
  readonly policy?: Policy;
  readonly decision: Decision;
  readonly done: LaunchTotals;
  /**
   * Set when an operator must fix something: the run is reported in full, and then counts as
   * failed.
   */
  readonly fault?: Error;
}

const NOTHING_DONE: LaunchTotals = {
  launched: NO_TASKS,
  alreadyLaunched: 0,
  madeUpOnDemand: 0,
  overQuota: 0,
  retryable: 0,
  permanent: 0,
  unplaced: 0,
  reasons: [],
};

/** A launch was refused for a reason that the next run will meet again. */
export class LaunchRefusedError extends Error {
  constructor(tasks: number, reasons: readonly string[]) {
    super(
      `ECS refused ${tasks} task(s), and will again until the cause is fixed: ` +
        `${reasons.join('; ')}`,
    );
    this.name = 'LaunchRefusedError';
  }
}

/**
 * One run: observe, decide, act.
 * @throws whatever an observation throws; nothing has been launched then.
 */
export async function scale(
  settings: Settings,
  ports: Ports,
  invocation: Invocation,
): Promise<Run> {
  const parameters = ports.parameters.read();
  const read = parameters.then((values) => policyOf(settings, values));
  const observation = await observe(ports, invocation, read);
  const policy = await read;
  if (policy instanceof InvalidParametersError) {
    return { observation, decision: HELD_BY_PARAMETERS, done: NOTHING_DONE, fault: policy };
  }
  const { taskDefinition } = policy;
  const snapshot = snapshotOf(observation, taskDefinition, settings);
  // A floor has its first tasks already.
  const wakeTasks = policy.minTasks > 0 ? 0 : (settings.wakeTasks ?? 0);
  const decision = invocation.isWakeUp
    ? wakeUp(snapshot, policy, wakeTasks)
    : decide(snapshot, besideWakeUps(policy, wakeTasks));
  const run = { observation, snapshot, policy, decision };
  if (decision.action === 'hold' || !taskDefinition) return { ...run, done: NOTHING_DONE };
  const { subnets } = snapshot;
  const isFirst = observation.active.length < wakeTasks;
  const { tasks, warm } = decision;
  const variables = policy.scaling.policy === 'per-object' ? ONE_JOB : {};
  const asked = { tasks, warm, variables, isFirst };
  const plan = { ...settings, ...invocation, ...asked, taskDefinition, subnets };
  const done = await launch(plan, ports.tasks);
  const fault = new LaunchRefusedError(done.permanent, done.reasons);
  return done.permanent > 0 ? { ...run, done, fault } : { ...run, done };
}

/** A task of an object takes its message, or another, and no second one. */
const ONE_JOB: Readonly<Record<LaunchVariable, string>> = { JOB_LIMIT: '1' };

const HELD_BY_PARAMETERS: Decision = {
  action: 'hold',
  tasks: NO_TASKS,
  warm: 0,
  because: 'invalid-parameters',
  desired: 0,
  wanted: 0,
};

/**
 * Stopped tasks can be thousands in a busy hour, so they are listed only while there is a job to
 * decide about, or a floor to keep; network and metrics count only for what a new task could do.
 */
async function observe(
  { queue, tasks, network, jobMetrics }: Ports,
  { now, isWakeUp, isSeenAgain }: Pick<Invocation, 'now' | 'isWakeUp' | 'isSeenAgain'>,
  policy: Promise<Policy | InvalidParametersError>,
): Promise<Observation> {
  const isLate = isWakeUp && !isSeenAgain;
  const depth = queue.depth().then((seen) => (isLate ? withUploaded(seen) : seen));
  const floor = policy.then((one) => ('minTasks' in one ? one.minTasks : 0));
  const seen = await Promise.all([
    depth,
    tasks.active(),
    Promise.all([depth, floor]).then(([{ backlog, inFlight }, least]) =>
      backlog + inFlight + least > 0 ? tasks.stopped() : [],
    ),
    Promise.all([depth, floor]).then(([{ backlog }, least]) =>
      backlog + least > 0 ? addressesOf(network) : {},
    ),
    Promise.all([depth, policy]).then(([{ backlog }, one]) =>
      backlog > 0 && 'scaling' in one && one.scaling.policy === 'drain-within'
        ? jobMinutesOf(jobMetrics, now())
        : {},
    ),
  ]);
  const [found, active, stopped, addresses, minutes] = seen;
  return { at: now(), queue: found, active, stopped, ...addresses, ...minutes };
}

/**
 * The uploaded object's own message, which SQS's count may show only later. If a task has taken it
 * already, the one that is launched for it finds nothing and ends.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
function withUploaded(depth: QueueDepth): QueueDepth {
  return { ...depth, backlog: Math.max(1, depth.backlog) };
}

/**
 * Without the answer a launch is still right: it may ask for tasks that find no address, and the
 * next one knows.
 */
async function addressesOf(
  network: Network,
): Promise<Pick<Observation, 'freeAddresses' | 'addressesUnseen'>> {
  try {
    return { freeAddresses: await network.freeAddresses() };
  } catch (error) {
    return { addressesUnseen: sentence(error) };
  }
}

/** Without the answer the configured time of a job holds. */
async function jobMinutesOf(
  jobMetrics: JobMetrics,
  now: number,
): Promise<Pick<Observation, 'jobMinutes' | 'jobMinutesUnseen'>> {
  try {
    return { jobMinutes: await jobMetrics.recent(now) };
  } catch (error) {
    return { jobMinutesUnseen: sentence(error) };
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function policyOf(
  settings: Settings,
  parameters: ReadonlyMap<string, string>,
): Policy | InvalidParametersError {
  try {
    return resolvePolicy({ ...settings, parameters });
  } catch (error) {
    if (error instanceof InvalidParametersError) return error;
    throw error;
  }
}
