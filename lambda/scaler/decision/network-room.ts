import type { ActiveTask, FreeAddresses, StoppedTask } from '../ports';

/** How many tasks a run may ask for, and what sets the limit. */
export interface Room {
  /** 0 or more. */
  readonly tasks: number;
  readonly because: 'no-addresses' | 'slow-start';
}

export interface RoomEvidence {
  readonly active: readonly ActiveTask[];
  readonly stopped: readonly StoppedTask[];
  /** Of every subnet; absent where EC2 did not answer. */
  readonly freeAddresses?: FreeAddresses;
}

/**
 * The narrower of what the subnets have addresses for and what the slow start allows; undefined:
 * nothing limits.
 */
export function roomOf(evidence: RoomEvidence): Room | undefined {
  const addresses = addressesLeft(evidence);
  const limits = [addresses && addressRoom(addresses), slowStart(evidence)].flatMap(
    (limit) => limit ?? [],
  );
  return limits.sort((a, b) => a.tasks - b.tasks)[0];
}

/** Free addresses without those that tasks are about to take. */
export function addressesLeft({ active, freeAddresses }: RoomEvidence): FreeAddresses | undefined {
  if (!freeAddresses) return undefined;
  const left = new Map(freeAddresses);
  for (const { awaitsAddressIn: subnet } of active) {
    if (subnet !== undefined) left.set(subnet, Math.max(0, (left.get(subnet) ?? 0) - 1));
  }
  return left;
}

function addressRoom(addresses: FreeAddresses): Room {
  const tasks = [...addresses.values()].reduce((sum, free) => sum + free, 0);
  return { tasks, because: 'no-addresses' };
}

/**
 * While ECS still lists a task that found no room, about an hour, no more tasks may be under way
 * than have started since the last such task stopped, and one to begin with: the fleet that is
 * asked for doubles at most with each run. Tasks on Spot that find no capacity are left out, since
 * they are made up on demand.
 */
function slowStart({ active, stopped }: RoomEvidence): Room | undefined {
  const refused = stopped.filter(foundNoRoom);
  if (refused.length === 0) return undefined;
  const last = Math.max(...refused.map(({ stoppedAt }) => stoppedAt));
  const isSince = ({ createdAt }: ActiveTask | StoppedTask) => createdAt > last;
  const started = [...active, ...stopped].filter(
    (task) => isSince(task) && hasStarted(task),
  ).length;
  const underWay = active.filter((task) => isSince(task) && !hasStarted(task)).length;
  return { tasks: Math.max(0, Math.max(1, started) - underWay), because: 'slow-start' };
}

function hasStarted({ startedAt }: ActiveTask | StoppedTask): boolean {
  return startedAt !== undefined;
}

function foundNoRoom({ startFault, capacityProvider }: StoppedTask): boolean {
  if (startFault === 'lack-of-capacity') return capacityProvider === 'FARGATE';
  return startFault === 'no-addresses' || startFault === 'vcpu-quota';
}
