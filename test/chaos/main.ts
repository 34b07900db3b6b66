import { startEmulator } from '../../local/emulator/start-emulator';
import { ALL_FAULT_KINDS, type FaultKind } from './fault-kinds';
import { killTable, tableText } from './kill-table/kill-table';
import { makeProgramStories, makeStories } from './kill-table/stories';
import { type ChaosOptions, readOptions } from './options';
import { openProgram } from './program/program';
import type { RunReport } from './run-plan';
import { explain, runSeeds } from './seeds';

const SHRINK_SECONDS = 120;
const LINE_EVERY_SEEDS = 10;
const SEEDS_FOR_EVERY_KIND = 100;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const emulator = await startEmulator({ onProgress: (sentence) => console.error(sentence) });
  try {
    const isWell = await (options.killTable ? kills : manySeeds)(emulator.endpoint, options);
    process.exitCode = isWell ? 0 : 1;
  } finally {
    await emulator.stop();
  }
}

async function kills(endpoint: string, { atOnce }: ChaosOptions): Promise<boolean> {
  const began = Date.now();
  const programs = [await openProgram(), await openProgram('any')];
  const ofPrograms = await Promise.all(programs.map(makeProgramStories));
  const stories = [...(await makeStories()), ...ofPrograms.flat()];
  const { rows, holes } = await killTable(endpoint, stories, atOnce).finally(() =>
    Promise.all(programs.map((program) => program.remove())),
  );
  console.log(tableText(rows));
  console.log(`${2 * rows.length} deaths, ${holes.length} holes, ${since(began)}`);
  for (const hole of holes) console.log(hole);
  return holes.length === 0;
}

/** Runs many seeds, and prints at the end what happened; stops at the first that fails. */
async function manySeeds(
  endpoint: string,
  { seeds, from, atOnce, verbose }: ChaosOptions,
): Promise<boolean> {
  const began = Date.now();
  const strikes = new Map<FaultKind, number>();
  const held = new Set<number>();
  let next = from;
  let unpromised = 0;
  let givenUp = 0;
  const onReport = ({ plan, violations, history, seconds, ...report }: RunReport) => {
    unpromised += report.unpromised.length;
    givenUp += report.givenUp;
    for (const [kind, count] of history.faults())
      strikes.set(kind, (strikes.get(kind) ?? 0) + count);
    if (verbose)
      console.log(`seed ${plan.seed}, ${seconds.toFixed(1)} s\n${history.lines().join('\n')}`);
    if (violations.length > 0) return;
    held.add(plan.seed);
    while (held.has(next)) next += 1;
    if (held.size % LINE_EVERY_SEEDS > 0) return;
    console.log(
      `${held.size} of ${seeds} seeds held, ${since(began)}; to continue: --from ${next}`,
    );
  };
  const list = Array.from({ length: seeds }, (_, index) => from + index);
  const failed = await runSeeds(endpoint, list, { atOnce, onReport });
  console.log(`${held.size} of ${seeds} seeds from ${from} on held, ${since(began)}.`);
  console.log(`Objects that met what is not promised (docs/reliability.md): ${unpromised}.`);
  console.log(
    `Dead letters that are no fault of their object's own: ${givenUp}. Faults that struck:`,
  );
  for (const [kind, count] of [...strikes].sort()) console.log(`  ${kind.padEnd(22)} ${count}`);
  if (!failed) return hasEveryKind(strikes, seeds);
  console.log(await explain(endpoint, failed, SHRINK_SECONDS));
  console.log(`To continue behind it: npm run test:chaos -- --from ${failed.plan.seed + 1}`);
  return false;
}

/** With this many seeds, a kind that never strikes is not chance. */
function hasEveryKind(strikes: ReadonlyMap<FaultKind, number>, seeds: number): boolean {
  const never = ALL_FAULT_KINDS.filter((kind) => !strikes.has(kind));
  if (never.length === 0 || seeds < SEEDS_FOR_EVERY_KIND) return true;
  console.log(`Faults that never struck: ${never.join(', ')}.`);
  return false;
}

const since = (began: number) => `${((Date.now() - began) / 1000).toFixed(0)} s`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
