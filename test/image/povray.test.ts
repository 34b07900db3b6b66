import { cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { whyNoBuilder } from './builder';
import { startImage } from './start-image';
import { openWorkloadImage, type WorkloadImage } from './workload-image';

const MINUTES = 60_000;
const POVRAY = join(__dirname, '..', '..', 'application-code', 'povray');
const missing = whyNoBuilder();
const rehearse = missing ? describe.skip : describe;

rehearse(`the image of povray${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let opened: WorkloadImage;

  beforeAll(async () => {
    const filter = (path: string) => basename(path) !== 'dist';
    opened = await openWorkloadImage('povray', (applicationCode) =>
      cp(POVRAY, join(applicationCode, 'povray'), { recursive: true, filter }),
    );
  }, 8 * MINUTES);

  afterAll(() => opened?.close(), MINUTES);

  test(
    'renders a scene of the bucket as a plain user on a read-only root',
    async () => {
      const { image, tasks } = opened;
      await tasks.send('scenes/a.zip', await readFile(join(POVRAY, 'samples/spillway.zip')));
      const task = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '1' });
      expect([await task.ended, task.lines.filter((line) => line.includes('FAILED'))]).toEqual([
        0,
        [],
      ]);
      const { renditions, deadLetters } = await tasks.outcome();
      expect(deadLetters).toEqual([]);
      const pictures = [...renditions].filter(([key]) => key.endsWith('.png'));
      expect(pictures.map(([key]) => key)).toEqual([
        expect.stringMatching(/^processed\/scenes\/a\.zip\.out\/.*\.png$/),
      ]);
      const [[, picture] = ['', Buffer.alloc(0)]] = pictures;
      const { channels } = await sharp(picture).stats();
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20);
      expect([...renditions.keys()]).toContain('processed/manifests/scenes/a.zip.json');
    },
    3 * MINUTES,
  );
});
