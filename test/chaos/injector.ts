import { chance } from './chance';
import type { FaultKind } from './fault-kinds';
import type { History } from './history';
import type { Plan } from './plan';

/** Decides by the plan which fault strikes when. */
export class Injector {
  private readonly opportunities = new Map<FaultKind, number>();
  private readonly strikeCounts = new Map<FaultKind, number>();
  private readonly inARow = new Map<FaultKind, number>();

  constructor(
    private readonly plan: Pick<Plan, 'seed' | 'faults'>,
    private readonly history: History,
  ) {}

  /** One more opportunity: the seed, the kind and the number of earlier ones decide it. */
  strikes(kind: FaultKind): boolean {
    const rate = this.plan.faults[kind];
    if (!rate) return false;
    const before = this.opportunities.get(kind) ?? 0;
    this.opportunities.set(kind, before + 1);
    const strikes = this.strikeCounts.get(kind) ?? 0;
    if (strikes >= rate.limit) return false;
    const left = this.inARow.get(kind) ?? 0;
    if (left === 0 && chance(this.plan.seed, kind, before) >= rate.chance) return false;
    this.inARow.set(kind, left > 0 ? left - 1 : rate.inARow - 1);
    this.strikeCounts.set(kind, strikes + 1);
    return true;
  }

  /** A number from 0 to less than 1 for a detail of the strike that is under way. */
  draw(kind: FaultKind): number {
    return chance(this.plan.seed, `${kind}/detail`, this.opportunities.get(kind) ?? 0);
  }

  report(kind: FaultKind, who: string, text: string, keys: readonly string[] = []) {
    return this.history.add({ what: 'fault', who, text, fault: kind, keys });
  }
}
