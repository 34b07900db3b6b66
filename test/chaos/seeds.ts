import { FAULT_KINDS, type FaultKind, type Victim } from './fault-kinds';
import { type Plan, planOf } from './plan';
import type { ChaosProgram } from './program/program';
import { type RunReport, runPlan } from './run-plan';

export interface SeedOptions {
  readonly atOnce: number;
  /** What does the jobs; default: images. */
  readonly program?: ChaosProgram;
  readonly onReport: (report: RunReport) => void;
}

/** Runs the plans of these seeds on one emulator; begins no new one after the first that fails. */
export async function runSeeds(
  endpoint: string,
  seeds: readonly number[],
  { atOnce, program, onReport }: SeedOptions,
): Promise<RunReport | undefined> {
  const left = [...seeds];
  let failed: RunReport | undefined;
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined && !failed; seed = left.shift()) {
      const report = await runPlan(endpoint, planOf(seed), program);
      onReport(report);
      if (report.violations.length > 0) failed ??= report;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

/** A failure: what is broken, how to see it again, and the shortest history found. */
export async function explain(
  endpoint: string,
  failed: RunReport,
  secondsToShrink: number,
  program?: ChaosProgram,
): Promise<string> {
  const shortest = await shrink(failed, secondsToShrink, (plan) =>
    runPlan(endpoint, plan, program),
  );
  const { plan, violations, history } = shortest;
  const keys = violations.flatMap((violation) => violation.keys);
  const faults = Object.entries(plan.faults).map(
    ([kind, rate]) => `${kind} ${JSON.stringify(rate)}`,
  );
  const again = `npm run test:chaos -- --seeds 1 --from ${plan.seed}`;
  const objects = `${plan.objects.length} of ${failed.plan.objects.length} objects`;
  const listed = (all: RunReport['violations']) =>
    all.map(({ text, keys: about }) => `  ${text} [${about.join(', ')}]`);
  return [
    `Seed ${plan.seed} breaks a promise. See it again: ${again}`,
    ...listed(failed.violations),
    `The shortest plan found has ${objects}, launches tasks by ${plan.launchMode}, and has these ` +
      'faults:',
    ...faults.map((fault) => `  ${fault}`),
    'and breaks:',
    ...listed(violations),
    'Its history, as far as it is about these keys and all faults:',
    ...history.lines(keys),
  ].join('\n');
}

/** A smaller plan may hold by luck, so it runs this often, at the same time. */
const TRIES = 3;

type Smaller = (failed: RunReport) => Plan;

/**
 * Looks for a smaller plan that still fails: with the broken objects alone, without all faults,
 * those of one victim or one kind. What stays keeps its fate when others are taken out.
 */
async function shrink(
  failed: RunReport,
  seconds: number,
  run: (plan: Plan) => Promise<RunReport>,
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
    const reports = await Promise.all(Array.from({ length: TRIES }, () => run(plan)));
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
