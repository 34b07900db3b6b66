import type { FaultKind } from './fault-kinds';
import type { Plan } from './plan';
import { type RunReport, runPlan } from './run-plan';

/** Processes are not repeatable to the request, so a smaller plan may hold by luck: it gets a second try. */
const TRIES = 2;

/**
 * Looks for a smaller plan that still fails: one without a kind of fault, one with half of the objects. Every fault and
 * object keeps its fate when others are taken out.
 */
export async function shrink(endpoint: string, failed: RunReport, seconds: number): Promise<RunReport> {
  const deadline = Date.now() + seconds * 1000;
  let shortest = failed;
  for (const smaller of candidates(failed)) {
    for (let attempt = 1; attempt <= TRIES && Date.now() < deadline; attempt += 1) {
      const report = await runPlan(endpoint, smaller(shortest.plan));
      if (report.violations.length === 0) continue;
      shortest = report;
      break;
    }
  }
  return shortest;
}

function* candidates({ plan, violations }: RunReport): Generator<(plan: Plan) => Plan> {
  const broken = plan.objects.filter((number) =>
    violations.some(({ keys }) => keys.some((key) => key.includes(`/${number} of `))),
  );
  if (broken.length > 0) yield (smaller) => ({ ...smaller, objects: broken });
  for (const kind of Object.keys(plan.faults) as FaultKind[]) yield (smaller) => without(smaller, kind);
  yield (smaller) => ({ ...smaller, objects: smaller.objects.filter((_, index) => index % 2 === 0) });
}

function without({ faults, ...rest }: Plan, kind: FaultKind): Plan {
  const { [kind]: _gone, ...kept } = faults;
  return { ...rest, faults: kept };
}
