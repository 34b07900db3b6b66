import type { TasksByProvider } from './ports';

/** The part of the policy that names capacity providers; a base and weights as in a capacity provider strategy. */
export interface Strategy {
  readonly onDemandBase: number;
  readonly onDemandWeight: number;
  /** Not 0 together with `onDemandWeight`. */
  readonly spotWeight: number;
}

/**
 * Splits new tasks so that the whole fleet, not each call, comes as near to base and weights as launches alone can bring it.
 * ECS would apply the base to every RunTask call anew, and so start too many tasks on demand.
 * A remainder of exactly a half goes to Spot, which costs less.
 */
export function split(launch: number, fleet: TasksByProvider, strategy: Strategy): TasksByProvider {
  const size = fleet.FARGATE + fleet.FARGATE_SPOT + launch;
  const base = Math.min(size, strategy.onDemandBase);
  const share = strategy.onDemandWeight / (strategy.onDemandWeight + strategy.spotWeight);
  const wanted = base + Math.ceil((size - base) * share - 0.5);
  const onDemand = Math.min(launch, Math.max(0, wanted - fleet.FARGATE));
  return { FARGATE: onDemand, FARGATE_SPOT: launch - onDemand };
}
