import { randomInt } from 'node:crypto';
import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { LAUNCH_MODES } from '../../emulator/launch-modes';
import type { FaultKind } from '../fault-kinds';
import type { RunReport } from '../run-plan';
import { explain, runSeeds } from '../seeds';

/** As many as there are ways to launch tasks: seeds in a row take one after the other. */
const SEEDS = Object.keys(LAUNCH_MODES).length;
const AT_ONCE = 4;
const SHRINK_SECONDS = 60;
/** Of some thirty; each seed has half of them, though not each strikes. */
const LEAST_KINDS = 15;
/** What is not promised is rare: a worker has to lose a message, write last and be killed. */
const MOST_UNPROMISED = 1;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
}, 60_000);
afterAll(() => emulator.stop());

test(`${SEEDS} fresh seeds: every accepted object ends as its newest renditions or as a ` +
  'dead letter with its reason', async () => {
  const from = randomInt(1_000_000, 900_000_000);
  process.stderr.write(`chaos: seeds from ${from} on\n`);
  const seeds = Array.from({ length: SEEDS }, (_, index) => from + index);
  const struck = new Set<FaultKind>();
  let unpromised = 0;
  const onReport = ({ history, ...report }: RunReport) => {
    unpromised += report.unpromised.length;
    for (const kind of history.faults().keys()) struck.add(kind);
  };
  const failed = await runSeeds(emulator.endpoint, seeds, { atOnce: AT_ONCE, onReport });
  if (failed) throw new Error(await explain(emulator.endpoint, failed, SHRINK_SECONDS));
  expect(struck.size).toBeGreaterThan(LEAST_KINDS);
  expect(unpromised).toBeLessThanOrEqual(MOST_UNPROMISED);
}, 900_000);
