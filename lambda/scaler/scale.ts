import { type Decision, decide, NO_TASKS, type Snapshot } from './decide';
import type { Environment } from './environment';
import { type Launched, launch } from './launch';
import { InvalidParametersError, type Policy, resolvePolicy } from './policy';
import type { Parameters, Tasks, WorkQueue } from './ports';

/** Everything that a run needs besides its settings. */
export interface Ports {
  readonly parameters: Parameters;
  readonly queue: WorkQueue;
  readonly tasks: Tasks;
}

export type Settings = Pick<
  Environment,
  'pipeline' | 'environment' | 'parameterPath' | 'taskFamily' | 'configured'
>;

export interface RunClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that are left to the run. */
  readonly remainingMilliseconds: () => number;
  /** The minute that the run stands for. */
  readonly scheduledMinute: number;
}

/** What a run saw, decided and did. */
export interface Run {
  readonly snapshot: Snapshot;
  /** Absent when the parameters are wrong. */
  readonly policy?: Policy;
  readonly decision: Decision;
  readonly done: Launched;
  /** Set when somebody must mend something: the run has been told of in full, and then counts as failed. */
  readonly fault?: Error;
}

const NOTHING_DONE: Launched = {
  launched: NO_TASKS,
  alreadyLaunched: 0,
  madeUpOnDemand: 0,
  retryable: 0,
  permanent: 0,
  reasons: [],
};

/** A launch was refused for a reason that the next run will meet again. */
export class LaunchRefusedError extends Error {
  constructor(tasks: number, reasons: readonly string[]) {
    super(`ECS refused ${tasks} task(s), and will again until the cause is mended: ${reasons.join('; ')}`);
    this.name = 'LaunchRefusedError';
  }
}

/**
 * One run: observe, decide, act.
 * @throws whatever an observation throws; nothing has been launched then.
 */
export async function scale(settings: Settings, ports: Ports, clock: RunClock): Promise<Run> {
  const { snapshot, parameters } = await observe(ports, clock.now);
  const policy = policyOf(settings, parameters);
  if (policy instanceof InvalidParametersError) {
    return { snapshot, decision: heldByParameters, done: NOTHING_DONE, fault: policy };
  }
  const decision = decide(snapshot, policy);
  const { taskDefinition } = policy;
  if (decision.action === 'hold' || !taskDefinition)
    return { snapshot, policy, decision, done: NOTHING_DONE };
  const done = await launch({ ...settings, ...clock, taskDefinition, tasks: decision.tasks }, ports.tasks);
  const run = { snapshot, policy, decision, done };
  return done.permanent > 0 ? { ...run, fault: new LaunchRefusedError(done.permanent, done.reasons) } : run;
}

const heldByParameters: Decision = {
  action: 'hold',
  tasks: NO_TASKS,
  because: 'invalid-parameters',
  desired: 0,
  tasksFailing: false,
};

/** Stopped tasks can be thousands in a busy hour, so they are listed only while there is a job to decide about. */
async function observe({ parameters, queue, tasks }: Ports, now: () => number) {
  const depth = queue.depth();
  const stopped = depth.then(({ backlog, inFlight }) => (backlog + inFlight > 0 ? tasks.stopped() : []));
  const seen = await Promise.all([parameters.read(), depth, tasks.active(), stopped]);
  const snapshot: Snapshot = { at: now(), queue: seen[1], active: seen[2], stopped: seen[3] };
  return { parameters: seen[0], snapshot };
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
