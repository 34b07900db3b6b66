import { planOf } from './plan';
import { type RunReport, runPlan } from './run-plan';
import { shrink } from './shrink';

/** Told after each run. */
export type OnReport = (report: RunReport) => void;

/**
 * Runs the plans of these seeds, so many at a time, on one emulator. Stops to begin new ones after
 * the first that fails.
 */
export async function runSeeds(
  endpoint: string,
  seeds: readonly number[],
  atOnce: number,
  onReport: OnReport,
): Promise<RunReport | undefined> {
  const left = [...seeds];
  let failed: RunReport | undefined;
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined && !failed; seed = left.shift()) {
      const report = await runPlan(endpoint, planOf(seed));
      onReport(report);
      if (report.violations.length > 0) failed ??= report;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

/**
 * A failure as whoever has to mend it needs it: what is broken, how to see it again, and the
 * shortest history found.
 */
export async function explain(
  endpoint: string,
  failed: RunReport,
  secondsToShrink: number,
): Promise<string> {
  const shortest = await shrink(endpoint, failed, secondsToShrink);
  const { plan, violations, history } = shortest;
  const keys = violations.flatMap((violation) => violation.keys);
  const faults = Object.entries(plan.faults).map(
    ([kind, rate]) => `${kind} ${JSON.stringify(rate)}`,
  );
  return [
    `Seed ${plan.seed} breaks a promise. See it again: npm run test:chaos -- --seeds 1 --from ${plan.seed}`,
    ...failed.violations.map(({ text, keys }) => `  ${text} [${keys.join(', ')}]`),
    `The shortest plan found has ${plan.objects.length} of ${failed.plan.objects.length} objects and these faults:`,
    ...faults.map((fault) => `  ${fault}`),
    'and breaks:',
    ...violations.map(({ text, keys }) => `  ${text} [${keys.join(', ')}]`),
    'Its history, as far as it is about these keys and all faults:',
    ...history.lines(keys),
  ].join('\n');
}
