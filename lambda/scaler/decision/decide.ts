import type { Subnets } from '../launch/placement';
import type { StartFault, TasksByProvider } from '../ports';
import type { Brake } from './brake';
import type { Room } from './network-room';
import type { Policy } from './policy';
import { type Demand, keptBusy, worthOf } from './scaling';
import type { StartObstacle } from './start-faults';

/** What a decision rests on. */
export interface Snapshot extends Demand {
  /** Tasks of the fleet that stay when the queue is empty, and take jobs. */
  readonly warm: number;
  /** True when a Spot task has lately found no room: what it left undone is made up on demand. */
  readonly spotIsShort: boolean;
  /** Whether the promoted revision keeps failing. */
  readonly brake: Brake;
  /** What keeps tasks of every revision from starting. */
  readonly start: StartObstacle;
  /** What bounds the launches of a run besides the maximum; absent: nothing does. */
  readonly room?: Room;
  readonly subnets: Subnets;
}

/** Why nothing is launched. */
export type HoldReason =
  | 'invalid-parameters'
  | 'disabled'
  | 'no-image-yet'
  | 'nothing-visible'
  | 'enough-tasks'
  | 'at-max'
  | 'tasks-failing'
  | Room['because']
  | Exclude<StartFault, 'lack-of-capacity'>;

export interface Decision {
  readonly action: 'launch' | 'hold';
  /** Tasks to add; all 0 when the action is `hold`. */
  readonly tasks: TasksByProvider;
  /** How many of them stay when the queue is empty. */
  readonly warm: number;
  readonly because: 'shortfall' | 'probe' | 'wake-up' | HoldReason;
  /** Tasks that the jobs of the queue are worth, 0 to the maximum. */
  readonly desired: number;
  /** Tasks that are missing, whatever keeps them from being launched. */
  readonly wanted: number;
}

/** No task at all. */
export const NO_TASKS: TasksByProvider = { FARGATE: 0, FARGATE_SPOT: 0 };

/**
 * How many tasks to add, on which capacity provider, and why. It never takes tasks away: workers
 * leave when they are idle. In-flight jobs count for the size of the fleet, since the tasks that
 * hold them are busy; only visible ones justify a launch, since the others would leave a new task
 * idle. A task that takes no more jobs counts for the maximum alone. The floor is no fleet of its
 * own: any task counts for it, and those that are missing are launched to stay.
 */
export function decide(snapshot: Snapshot, policy: Policy): Decision {
  const floor = Math.min(policy.minTasks, policy.maxTasks);
  const worth = Math.max(floor, worthOf(snapshot, policy.scaling));
  const desired = Math.min(worth, policy.maxTasks);
  const present = snapshot.fleet.FARGATE + snapshot.fleet.FARGATE_SPOT;
  const takers = present - snapshot.leaving;
  const shortfall = Math.min(worth - takers, policy.maxTasks - present);
  const needed = Math.max(floor - takers, keptBusy(snapshot, policy.scaling));
  const wanted = Math.max(0, Math.min(shortfall, needed));
  const hold = (because: HoldReason): Decision => ({
    action: 'hold',
    tasks: NO_TASKS,
    warm: 0,
    because,
    desired,
    wanted,
  });

  if (!policy.enabled) return hold('disabled');
  if (!policy.taskDefinition) return hold('no-image-yet');
  if (snapshot.queue.backlog === 0 && takers >= floor) return hold('nothing-visible');
  if (shortfall <= 0) return hold(worth > takers ? 'at-max' : 'enough-tasks');
  if (wanted === 0) return hold('enough-tasks');
  const { start, room } = snapshot;
  if (start.brake === 'waiting') return hold(start.fault);
  if (snapshot.brake === 'waiting') return hold('tasks-failing');
  if (room?.tasks === 0) return hold(room.because);
  const probe = snapshot.brake === 'probe' || start.brake === 'probe';
  const launch = probe ? 1 : Math.min(wanted, room?.tasks ?? wanted);
  const tasks = snapshot.spotIsShort
    ? { ...NO_TASKS, FARGATE: launch }
    : split(launch, snapshot.fleet, policy);
  const warm = Math.min(launch, Math.max(0, floor - snapshot.warm));
  return { action: 'launch', tasks, warm, because: probe ? 'probe' : 'shortfall', desired, wanted };
}

/**
 * The part of the policy that names capacity providers: base and weights as in a capacity provider
 * strategy.
 */
export type Strategy = Pick<Policy, 'onDemandBase' | 'onDemandWeight' | 'spotWeight'>;

/**
 * Splits new tasks so that the whole fleet, not each call, comes as near to base and weights as
 * launches alone can bring it. ECS would apply the base to every RunTask call again, and so start
 * too many tasks on demand. A remainder of exactly a half goes to Spot, which costs less.
 */
export function split(launch: number, fleet: TasksByProvider, strategy: Strategy): TasksByProvider {
  const size = fleet.FARGATE + fleet.FARGATE_SPOT + launch;
  const base = Math.min(size, strategy.onDemandBase);
  const share = strategy.onDemandWeight / (strategy.onDemandWeight + strategy.spotWeight);
  const wanted = base + Math.ceil((size - base) * share - 0.5);
  const onDemand = Math.min(launch, Math.max(0, wanted - fleet.FARGATE));
  return { FARGATE: onDemand, FARGATE_SPOT: launch - onDemand };
}
