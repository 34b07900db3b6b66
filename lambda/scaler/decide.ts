import { brake } from './brake';
import type { Policy } from './policy';
import type { ActiveTask, QueueDepth, StoppedTask, TasksByProvider } from './ports';
import { split } from './split';

/** What was seen at one moment. */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly queue: QueueDepth;
  readonly active: readonly ActiveTask[];
  /** May be empty when no job waits: then nothing depends on it. */
  readonly stopped: readonly StoppedTask[];
}

/** Why nothing is launched. */
export type HoldReason =
  | 'invalid-parameters'
  | 'disabled'
  | 'no-image-yet'
  | 'nothing-visible'
  | 'enough-tasks'
  | 'at-max'
  | 'tasks-failing';

export interface Decision {
  readonly action: 'launch' | 'hold';
  /** Tasks to add; all 0 when the action is `hold`. */
  readonly tasks: TasksByProvider;
  readonly because: 'shortfall' | 'probe' | HoldReason;
  /** Tasks that the jobs of the queue are worth, 0 to the maximum. */
  readonly desired: number;
  /** True while the brake is on and there are jobs, whatever the action. */
  readonly tasksFailing: boolean;
}

/** No task at all. */
export const NO_TASKS: TasksByProvider = { FARGATE: 0, FARGATE_SPOT: 0 };

/** How long one Spot task that found no room keeps new tasks off FARGATE_SPOT. */
const SPOT_SHORTAGE = 5 * 60_000;

/**
 * How many tasks to add, on which capacity provider, and why. It never takes tasks away: workers leave when they are idle.
 * In-flight jobs count for the size of the fleet, since the tasks that hold them are busy; only visible ones justify
 * a launch, since the others would leave a new task idle.
 */
export function decide(snapshot: Snapshot, policy: Policy): Decision {
  const { backlog, inFlight } = snapshot.queue;
  const worth = Math.ceil((backlog + inFlight) / policy.jobsPerTask);
  const desired = Math.min(worth, policy.maxTasks);
  const state = policy.taskDefinition && worth > 0 ? brake(snapshot, policy.taskDefinition) : 'off';
  const shared = { desired, tasksFailing: state !== 'off' };
  const hold = (because: HoldReason): Decision => ({ action: 'hold', tasks: NO_TASKS, because, ...shared });

  if (!policy.enabled) return hold('disabled');
  if (!policy.taskDefinition) return hold('no-image-yet');
  if (backlog === 0) return hold('nothing-visible');
  const shortfall = desired - snapshot.active.length;
  if (shortfall <= 0) return hold(worth > snapshot.active.length ? 'at-max' : 'enough-tasks');
  if (state === 'waiting') return hold('tasks-failing');
  const launch = state === 'probe' ? 1 : Math.min(shortfall, Math.ceil(backlog / policy.jobsPerTask));
  const tasks = spotIsShort(snapshot)
    ? { FARGATE: launch, FARGATE_SPOT: 0 }
    : split(launch, fleetOf(snapshot.active), policy);
  return { action: 'launch', tasks, because: state === 'probe' ? 'probe' : 'shortfall', ...shared };
}

/** True when a Spot task lately stopped for want of capacity: what it left undone is made up on demand. */
export function spotIsShort(snapshot: Snapshot): boolean {
  return snapshot.stopped.some(
    (task) =>
      task.capacityProvider === 'FARGATE_SPOT' &&
      task.lackOfCapacity &&
      snapshot.at - task.stoppedAt < SPOT_SHORTAGE,
  );
}

/** Tasks per capacity provider, pending ones included. */
export function fleetOf(tasks: readonly ActiveTask[]): TasksByProvider {
  const spot = tasks.filter((task) => task.capacityProvider === 'FARGATE_SPOT').length;
  return { FARGATE: tasks.length - spot, FARGATE_SPOT: spot };
}
