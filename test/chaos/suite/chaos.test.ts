import { randomInt } from 'node:crypto';
import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { explain, runSeeds } from '../seeds';

const SEEDS = 10;
const AT_ONCE = 4;
const SHRINK_SECONDS = 60;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
}, 60_000);
afterAll(() => emulator.stop());

test(`${SEEDS} fresh seeds: every accepted object ends as its newest renditions or as a dead letter with its reason`, async () => {
  const from = randomInt(1_000_000, 900_000_000);
  process.stderr.write(`chaos: seeds from ${from} on\n`);
  const seeds = Array.from({ length: SEEDS }, (_, index) => from + index);
  const failed = await runSeeds(emulator.endpoint, seeds, AT_ONCE, () => undefined);
  if (failed) throw new Error(await explain(emulator.endpoint, failed, SHRINK_SECONDS));
}, 900_000);
