import { FAULT_KINDS, type FaultKind, type Victim } from './fault-kinds';
import type { Plan } from './plan';
import { type RunReport, runPlan } from './run-plan';

/**
 * Processes are not repeatable to the request, so a smaller plan may hold by luck: so many runs of
 * it go at a time.
 */
const TRIES = 3;

type Smaller = (failed: RunReport) => Plan;

/**
 * Looks for a smaller plan that still fails: with the broken objects alone, without all faults,
 * without those of one victim, without one kind. Every fault and object keeps its fate when others
 * are taken out.
 */
export async function shrink(
  endpoint: string,
  failed: RunReport,
  seconds: number,
): Promise<RunReport> {
  const deadline = Date.now() + seconds * 1000;
  const kinds = Object.keys(failed.plan.faults) as FaultKind[];
  const candidates: readonly Smaller[] = [
    ({ plan }) => ({ ...plan, faults: {} }),
    brokenAlone,
    ...VICTIMS.map((victim) => without((kind) => FAULT_KINDS[kind] === victim)),
    ...kinds.map((one) => without((kind) => kind === one)),
    brokenAlone,
  ];
  let shortest = failed;
  for (const smaller of candidates) {
    const plan = smaller(shortest);
    if (Date.now() > deadline || sizeOf(plan) === sizeOf(shortest.plan)) continue;
    const reports = await Promise.all(Array.from({ length: TRIES }, () => runPlan(endpoint, plan)));
    shortest = reports.find(({ violations }) => violations.length > 0) ?? shortest;
  }
  return shortest;
}

const VICTIMS: readonly Victim[] = ['run', 'scaler', 'task', 'worker'];

const sizeOf = ({ faults, objects }: Plan) => `${Object.keys(faults).length} ${objects.length}`;

/** The objects that a violation is about; all of them when it is about none. */
function brokenAlone({ plan, violations }: RunReport): Plan {
  const isBroken = (number: number) =>
    violations.some(({ keys }) => keys.some((key) => key.includes(`/${number} of `)));
  const broken = plan.objects.filter(isBroken);
  return broken.length > 0 ? { ...plan, objects: broken } : plan;
}

function without(isGone: (kind: FaultKind) => boolean): Smaller {
  return ({ plan }) => {
    const kept = Object.entries(plan.faults).filter(([kind]) => !isGone(kind as FaultKind));
    return { ...plan, faults: Object.fromEntries(kept) };
  };
}
