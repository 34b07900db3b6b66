import sharp from 'sharp';
import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { readOutcome } from '../../emulator/outcome';
import { comeToRest, openChaosPipeline } from '../chaos-pipeline';
import { passOn } from '../fault-proxy';
import { History } from '../history';
import type { ChaosObject, Picture } from '../objects';
import { scalerRun } from '../scaler-runs';
import { Uploads } from '../uploads';
import { violationsOf } from '../verdict';

const PICTURES = 8;
const PICTURE: Picture = { colour: [30, 160, 40], width: 6000, height: 4000, format: 'jpeg' };
/** The least memory there is, no disk, and every picture asked for at once. */
const SETTINGS = {
  maxTasks: 1,
  jobsPerTask: 100,
  jobConcurrency: PICTURES,
  maxAttempts: 8,
  spotNoticeSeconds: 3,
  memoryMiB: 256,
  hasDisk: false,
};

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
}, 60_000);
afterAll(() => emulator.stop());

/** Twenty-four megapixels, progressive: a decode takes some 80 MiB of the 128 for pictures. */
async function largePictures(): Promise<ChaosObject[]> {
  const { width, height, colour } = PICTURE;
  const [r, g, b] = colour;
  const flat = sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
  const body = await flat.jpeg({ progressive: true }).toBuffer();
  return Array.from({ length: PICTURES }, (_, number) => ({
    path: `${number}.jpeg`,
    first: { body, ends: PICTURE },
    changes: [],
    isAnnouncedTwice: false,
  }));
}

test(`a task of ${SETTINGS.memoryMiB} MiB without a disk renders ${PICTURES} large ` +
  'pictures that come at once', async () => {
  const history = new History();
  const handlers = { worker: passOn, scaler: passOn };
  const chaos = await openChaosPipeline(emulator.endpoint, SETTINGS, handlers, history);
  try {
    const uploads = new Uploads(chaos.clients, chaos.pipeline, await largePictures(), history);
    await uploads.upload();
    const broken = await comeToRest(chaos, {
      minute: (now) => scalerRun(chaos.pipeline, history, now),
    });
    const outcome = await readOutcome(chaos.clients, chaos.pipeline);
    const violations = await violationsOf(uploads.expected(), outcome, {
      ...SETTINGS,
      unattributed: 0,
    });
    // Only Linux has the peaks, and a task that was killed writes none.
    const peaks = await chaos.program.peaksMiB();
    if (process.platform === 'linux') expect(peaks.length).toBeGreaterThan(0);
    process.stderr.write(`small task: ${peaks.map((peak) => peak.toFixed(0))} MiB\n`);
    expect(peaks.filter((peak) => peak > SETTINGS.memoryMiB)).toEqual([]);
    expect([...broken, ...violations, ...chaos.defects()]).toEqual([]);
    expect([outcome.renditions.size, outcome.deadLetters]).toEqual([2 * PICTURES, []]);
    expect(new Set(history.all.flatMap(({ exitCode }) => exitCode ?? []))).toEqual(new Set([0]));
  } finally {
    await chaos.close();
  }
}, 300_000);
