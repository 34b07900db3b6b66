import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { readOutcome } from '../../emulator/outcome';
import { comeToRest, openChaosPipeline } from '../chaos-pipeline';
import { type Handle, passOn } from '../fault-proxy';
import { answered } from '../faults/strikes';
import { History } from '../history';
import { type ChaosObject, photoOf } from '../objects';
import { scalerRun } from '../scaler-runs';
import { Uploads } from '../uploads';
import { violationsOf } from '../verdict';

const OBJECTS = 24;
/**
 * The brake tries a single task a minute after the first ones have failed. A minute of the scaler
 * takes less than a second here, so that this is an outage of half an hour for it;
 * `npm run test:outage` has ten minutes of the workers' clocks.
 */
const OUTAGE_SECONDS = Number(process.env.OUTAGE_SECONDS ?? 45);
const REST_SECONDS = OUTAGE_SECONDS + 195;
jest.setTimeout((REST_SECONDS + 60) * 1_000);
/** The fewest attempts that a job can have, so that an outage that counts would be seen. */
const SETTINGS = {
  launchMode: 'per-object',
  maxTasks: 20,
  jobsPerTask: 1,
  jobConcurrency: 4,
  maxAttempts: 3,
  spotNoticeSeconds: 3,
  memoryMiB: 512,
} as const;
const OUTAGE_EXIT_CODE = 75;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
}, 60_000);
afterAll(() => emulator.stop());

async function photos(): Promise<ChaosObject[]> {
  const first = await photoOf(1, 'jpeg');
  return Array.from({ length: OBJECTS }, (_, number) => ({
    path: `${number}.jpeg`,
    first,
    changes: [],
    isAnnouncedTwice: false,
  }));
}

const refused = answered({ status: 503, headers: {}, body: Buffer.alloc(0) }, 'refused');

const outage = `an outage of all writes for ${OUTAGE_SECONDS} s`;

test(`a task for each of ${OBJECTS} objects: ${outage} makes no dead letter`, async () => {
  const history = new History();
  let ends = Number.POSITIVE_INFINITY;
  let mostTasks = 0;
  const worker: Handle = async (exchange) => {
    const isOutage = Date.now() < ends && exchange.call.operation === 'PutObject';
    await (isOutage ? refused(exchange, 0) : passOn(exchange));
  };
  const handlers = { worker, scaler: passOn };
  const chaos = await openChaosPipeline(emulator.endpoint, SETTINGS, handlers, history);
  try {
    const uploads = new Uploads(chaos.clients, chaos.pipeline, await photos(), history);
    await uploads.upload();
    ends = Date.now() + OUTAGE_SECONDS * 1_000;
    const broken = await comeToRest(chaos, {
      seconds: REST_SECONDS,
      minute: async (now) => {
        const found = await scalerRun(chaos.pipeline, history, now);
        mostTasks = Math.max(mostTasks, chaos.liveTasks());
        return found;
      },
    });
    const outcome = await readOutcome(chaos.clients, chaos.pipeline);
    const violations = await violationsOf(uploads.expected(), outcome, {
      ...SETTINGS,
      unattributed: 0,
    });
    expect([...broken, ...violations, ...chaos.defects()]).toEqual([]);
    expect([outcome.renditions.size, outcome.deadLetters]).toEqual([2 * OBJECTS, []]);
    expect(mostTasks).toBe(SETTINGS.maxTasks);
    const workers = history.all.filter(({ what }) => what === 'job').map(({ who }) => who);
    expect(new Set(workers).size).toBe(workers.length);
    const exitCodes = history.all.flatMap(({ exitCode = [] }) => exitCode);
    expect(new Set(exitCodes)).toEqual(new Set([0, OUTAGE_EXIT_CODE]));
    const { length: braked } = exitCodes.filter((code) => code === OUTAGE_EXIT_CODE);
    expect(braked).toBeLessThan(2 * SETTINGS.maxTasks);
  } finally {
    await chaos.close();
  }
});
