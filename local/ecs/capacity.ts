import type { CapacityProvider } from '../ports';

/** An entry of a capacity provider strategy, as in ECS. */
export interface StrategyItem {
  readonly capacityProvider: CapacityProvider;
  /** Tasks that run on this provider before the weights count. At most one entry has a base. */
  readonly base?: number;
  /** Share of the tasks above the base, relative to the other entries. */
  readonly weight?: number;
}

/** Tasks of the fleet that are not stopped, by provider. */
export type FleetCount = Readonly<Record<CapacityProvider, number>>;

/**
 * Places new tasks one after another: first the base, then always the provider that is furthest
 * behind its share of the tasks above the base. Base and weights hold for the whole fleet, so that
 * many small launches end like one big launch.
 * @returns one provider per task: FARGATE when no entry of the strategy can take a task.
 */
export function placeTasks(
  strategy: readonly StrategyItem[],
  fleet: FleetCount,
  tasks: number,
): readonly CapacityProvider[] {
  const running: Record<CapacityProvider, number> = { ...fleet };
  return Array.from({ length: tasks }, () => {
    const provider = nextProvider(strategy, running);
    running[provider] += 1;
    return provider;
  });
}

function nextProvider(strategy: readonly StrategyItem[], running: FleetCount): CapacityProvider {
  const belowBase = strategy.find((item) => running[item.capacityProvider] < (item.base ?? 0));
  if (belowBase) return belowBase.capacityProvider;
  let furthestBehind: StrategyItem | undefined;
  for (const item of strategy) {
    if ((item.weight ?? 0) === 0) continue;
    if (
      !furthestBehind ||
      loadWithOneMore(item, running) < loadWithOneMore(furthestBehind, running)
    ) {
      furthestBehind = item;
    }
  }
  return furthestBehind?.capacityProvider ?? 'FARGATE';
}

/** Tasks above the base per unit of weight, with one more task on this provider. */
function loadWithOneMore(item: StrategyItem, running: FleetCount): number {
  const aboveBase = Math.max(0, running[item.capacityProvider] - (item.base ?? 0));
  return (aboveBase + 1) / (item.weight ?? 1);
}
