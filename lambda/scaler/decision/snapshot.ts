import type {
  ActiveTask,
  FreeAddresses,
  JobMinute,
  QueueDepth,
  StoppedTask,
  TasksByProvider,
} from '../ports';
import { type Brake, revisionBrake } from './brake';
import type { Snapshot } from './decide';
import { workOf } from './in-flight';
import { type ServiceSettings, serviceOf } from './job-time';
import { addressesLeft, roomOf } from './network-room';
import { fullSubnets, startObstacle } from './start-faults';

/** What AWS said at one moment. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly queue: QueueDepth;
  readonly active: readonly ActiveTask[];
  /** Empty when nothing may be launched: then nothing depends on it. */
  readonly stopped: readonly StoppedTask[];
  /** Absent without visible jobs, and when EC2 did not answer. */
  readonly freeAddresses?: FreeAddresses;
  /** Absent where nothing depends on it, and when CloudWatch did not answer. */
  readonly jobMinutes?: readonly JobMinute[];
  /** Why CloudWatch did not answer: the configured time of a job then holds. */
  readonly jobMinutesUnseen?: string;
  /** Why EC2 did not answer: the launches then follow what ECS refuses. */
  readonly addressesUnseen?: string;
}

export interface FleetSettings extends ServiceSettings {
  /** Ids of the subnets that tasks may be in. */
  readonly subnets: readonly string[];
  /** Age at which a task takes no more jobs. */
  readonly maxTaskSeconds: number;
  /** Samples that a task collects before it acknowledges any; 0, the default: it collects none. */
  readonly shardSamples?: number;
}

/** How long one Spot task that found no room keeps new tasks off FARGATE_SPOT. */
const SPOT_SHORTAGE = 5 * 60_000;

/** Draws from an observation what a decision rests on. */
export function snapshotOf(
  observation: Observation,
  taskDefinition: string | undefined,
  settings: FleetSettings,
): Snapshot {
  const { subnets, maxTaskSeconds, jobsAtATime, shardSamples: samples = 0 } = settings;
  const { queue, active } = observation;
  const pending = active.filter(({ state }) => state === 'pending').length;
  const room = roomOf(observation);
  const free = addressesLeft(observation);
  const state: Brake = taskDefinition ? revisionBrake(observation, taskDefinition) : 'off';
  const leaving = active.filter(isLeaving(observation.at, maxTaskSeconds));
  return {
    queue: workOf(queue, active.length - pending, { samples, jobsAtATime }),
    fleet: fleetOf(active),
    pending,
    leaving: leaving.length,
    warm: warmOf(active) - warmOf(leaving),
    service: serviceOf(observation, settings),
    spotIsShort: spotIsShort(observation),
    brake: state,
    start: startObstacle(observation, subnets),
    ...(room && { room }),
    subnets: { ids: subnets, full: fullSubnets(observation), ...(free && { free }) },
  };
}

/** Tasks per capacity provider, pending ones included. */
export function fleetOf(tasks: readonly ActiveTask[]): TasksByProvider {
  const spot = tasks.filter((task) => task.capacityProvider === 'FARGATE_SPOT').length;
  return { FARGATE: tasks.length - spot, FARGATE_SPOT: spot };
}

/** Tasks that are so old that they only finish the jobs that they have, which may take hours. */
function isLeaving(at: number, maxTaskSeconds: number) {
  return ({ startedAt = at }: ActiveTask) => at - startedAt >= maxTaskSeconds * 1000;
}

const warmOf = (tasks: readonly ActiveTask[]) => tasks.filter(({ isWarm }) => isWarm).length;

function spotIsShort({ at, stopped }: Observation): boolean {
  return stopped.some(
    (task) =>
      task.capacityProvider === 'FARGATE_SPOT' &&
      task.startFault === 'lack-of-capacity' &&
      at - task.stoppedAt < SPOT_SHORTAGE,
  );
}
