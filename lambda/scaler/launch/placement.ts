import type { FreeAddresses } from '../ports';

/** What is known of the subnets of the tasks. */
export interface Subnets {
  readonly ids: readonly string[];
  /** Ids of those that recently refused a task. */
  readonly full: readonly string[];
  /** Of every subnet; absent where EC2 did not answer. */
  readonly free?: FreeAddresses;
}

/**
 * Tasks, and the subnets of which each has an address for all of them, however ECS spreads them.
 */
export interface Placement {
  readonly count: number;
  readonly subnets: readonly string[];
}

/**
 * Finds subnets for the next `count` of `left` tasks; those that recently refused a task come last.
 * Subnets with room for all that is left share it, as ECS chooses; else the one with the most room
 * takes as many as it has addresses for.
 */
export function place(count: number, left: number, { ids, full, free }: Subnets): Placement {
  const isOpen = (subnet: string) => !full.includes(subnet);
  if (!free) return { count, subnets: preferred(ids, isOpen) };
  const withRoom = ids.filter((subnet) => freeIn(free, subnet) > 0);
  const candidates = preferred(withRoom, isOpen);
  const ample = candidates.filter((subnet) => freeIn(free, subnet) >= left);
  if (ample.length > 0) return { count, subnets: ample };
  const [largest] = [...candidates].sort((a, b) => freeIn(free, b) - freeIn(free, a));
  return largest === undefined
    ? { count: 0, subnets: [] }
    : { count: Math.min(count, freeIn(free, largest)), subnets: [largest] };
}

/**
 * What is left when `launched` tasks take their addresses: each subnet that ECS could choose counts
 * as chosen.
 */
export function afterLaunch(subnets: Subnets, placement: Placement, launched: number): Subnets {
  if (!subnets.free) return subnets;
  const left = new Map(subnets.free);
  for (const subnet of placement.subnets) left.set(subnet, freeIn(left, subnet) - launched);
  return { ...subnets, free: left };
}

/** Those that are preferred; all of them where no one is. */
function preferred(
  subnets: readonly string[],
  isLiked: (subnet: string) => boolean,
): readonly string[] {
  const liked = subnets.filter(isLiked);
  return liked.length > 0 ? liked : subnets;
}

function freeIn(free: FreeAddresses, subnet: string): number {
  return free.get(subnet) ?? 0;
}
