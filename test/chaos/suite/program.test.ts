import { randomInt } from 'node:crypto';
import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { killTable, tableText } from '../kill-table/kill-table';
import { makeProgramStories } from '../kill-table/stories';
import { type ChaosProgram, openProgram } from '../program/program';
import { explain, runSeeds } from '../seeds';

const AT_ONCE = 4;
const SEEDS = 3;
const SHRINK_SECONDS = 60;

let emulator: Emulator;
let program: ChaosProgram;
let listing: ChaosProgram;
beforeAll(async () => {
  program = await openProgram();
  listing = await openProgram('any');
  emulator = await startEmulator();
}, 90_000);
afterAll(async () => {
  await program?.remove();
  await listing?.remove();
  await emulator?.stop();
});

test('a worker may die in the run of a program, between its end and the writes, and between ' +
  'outputs and manifest: the job ends as it should', async () => {
  const stories = (await makeProgramStories(listing)).slice(0, 1);
  const { rows, holes } = await killTable(emulator.endpoint, stories, AT_ONCE);
  process.stderr.write(`${tableText(rows)}\n`);
  expect(holes).toEqual([]);
  expect(rows.map(({ effect }) => effect)).toEqual(
    expect.arrayContaining(['the run of the program #1', 'PutObject #1', 'PutObject #3']),
  );
}, 300_000);

test(`${SEEDS} fresh seeds: every object that a program works on ends as its newest outputs or ` +
  'as a dead letter with its reason', async () => {
  const from = randomInt(1_000_000, 900_000_000);
  process.stderr.write(`chaos with a program: seeds from ${from} on\n`);
  const seeds = Array.from({ length: SEEDS }, (_, index) => from + index);
  const options = { atOnce: AT_ONCE, program, onReport: () => undefined };
  const failed = await runSeeds(emulator.endpoint, seeds, options);
  if (failed) throw new Error(await explain(emulator.endpoint, failed, SHRINK_SECONDS, program));
}, 600_000);
