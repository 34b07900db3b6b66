import { startEmulator } from '../../local/emulator/start-emulator';
import type { FaultKind } from './fault-kinds';
import { readOptions } from './options';
import type { RunReport } from './run-plan';
import { explain, runSeeds } from './seeds';

const SHRINK_SECONDS = 120;
const LINE_EVERY_SEEDS = 10;

/** Runs many seeds, quietly, and says at the end what it has done; stops at the first that fails. */
async function main(): Promise<void> {
  const { seeds, from, atOnce, verbose } = readOptions(process.argv.slice(2));
  const began = Date.now();
  const strikes = new Map<FaultKind, number>();
  let held = 0;
  const onReport = ({ plan, violations, history, seconds }: RunReport) => {
    for (const [kind, count] of history.faults()) strikes.set(kind, (strikes.get(kind) ?? 0) + count);
    if (verbose) console.log(`seed ${plan.seed}, ${seconds.toFixed(1)} s\n${history.lines().join('\n')}`);
    if (violations.length > 0) return;
    held += 1;
    if (held % LINE_EVERY_SEEDS === 0) console.log(`${held} of ${seeds} seeds held, ${since(began)}`);
  };
  const emulator = await startEmulator({ onProgress: (sentence) => console.error(sentence) });
  try {
    const list = Array.from({ length: seeds }, (_, index) => from + index);
    const failed = await runSeeds(emulator.endpoint, list, atOnce, onReport);
    console.log(`${held} of ${seeds} seeds from ${from} on held, ${since(began)}. Faults that struck:`);
    for (const [kind, count] of [...strikes].sort()) console.log(`  ${kind.padEnd(22)} ${count}`);
    if (!failed) return;
    console.log(await explain(emulator.endpoint, failed, SHRINK_SECONDS));
    console.log(`To go on behind it: npm run test:chaos -- --from ${failed.plan.seed + 1}`);
    process.exitCode = 1;
  } finally {
    await emulator.stop();
  }
}

const since = (began: number) => `${((Date.now() - began) / 1000).toFixed(0)} s`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
