import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { newWorkload } from '../../cli/new/new-workload';
import { type OpenedImage, whyNoBuilder } from './builder';
import { ARCHITECTURE, copySources, type ImageBuild, openImageBuild } from './image-build';
import { startImage } from './start-image';
import { openTaskUnderTest, type TaskUnderTest } from './task-under-test';

const MINUTES = 60_000;
const POVRAY = join(__dirname, '..', '..', 'application-code', 'povray');
/** Refuses a line without an end, and says who it is. */
const PROGRAM = `#!/bin/sh
set -eu
read -r line < "$JOB_INPUT" || { echo 'the line has no end' >&2; exit 65; }
mkdir "$JOB_OUTPUT/of"
echo "$(id -u) read $line" > "$JOB_OUTPUT/of/$(basename "$SOURCE_KEY").upper"
`;
const missing = whyNoBuilder();
const rehearse = missing ? describe.skip : describe;

/** Their Dockerfiles begin alike, so that the second build finds the packages in its cache. */
rehearse(`the images of workloads${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let build: ImageBuild;
  let tasks: TaskUnderTest;

  beforeAll(async () => {
    build = await openImageBuild();
  }, 3 * MINUTES);
  afterAll(() => build?.close(), MINUTES);

  beforeEach(async () => {
    tasks = await openTaskUnderTest(build.emulator.endpoint);
  });
  afterEach(() => tasks?.close());

  /** Builds a workload by `buildspec.yml`. @throws Error with the log of a build that fails. */
  const imageOf = async (
    workload: string,
    addFolder: (applicationCode: string) => Promise<unknown>,
  ): Promise<OpenedImage> => {
    const sources = await copySources();
    await addFolder(join(sources.path, 'application-code'));
    const { log } = await build.run(sources.path, 'abc', { WORKLOAD: workload });
    await sources.remove();
    const [, reference] = /^(\S+) is sha256:/m.exec(log) ?? [];
    if (!reference) throw new Error(log);
    return build.builder.open(reference);
  };

  describe('of a program', () => {
    let image: OpenedImage;

    beforeAll(async () => {
      const workingFolder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
      await writeFile(join(workingFolder, 'shout.sh'), PROGRAM);
      image = await imageOf('shout', async (applicationCode) => {
        const options = { name: 'shout', command: './shout.sh', outputs: ['of/{name}.upper'] };
        await newWorkload(options, { applicationCode, workingFolder, path: '' });
        // An archive of the source may lose it.
        await chmod(join(applicationCode, 'shout/shout.sh'), 0o644);
      });
      await rm(workingFolder, { recursive: true });
    }, 5 * MINUTES);

    test('is its base image with the engine, and says whose it is', () => {
      expect(image.config).toMatchObject({
        User: '10001:10001',
        WorkingDir: '/opt/spillway/workload',
        Volumes: { '/scratch': {} },
        Labels: {
          'org.opencontainers.image.title': 'shout',
          'org.opencontainers.image.version': expect.stringMatching(`^${ARCHITECTURE}-`),
        },
      });
    });

    test(
      'does the jobs of the bucket as a plain user on a read-only root',
      async () => {
        await tasks.send('pages/a.txt', Buffer.from('hello\n'));
        await tasks.send('cut.txt', Buffer.from('no end'));
        const task = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '1' });
        expect(await task.ended).toBe(0);
        const { renditions, deadLetters } = await tasks.outcome();
        expect([...renditions].map(([key, body]) => [key, body.toString()])).toEqual([
          ['processed/of/pages/a.txt.upper', '10001 read hello\n'],
        ]);
        expect(deadLetters).toMatchObject([
          { code: 'JobRejected', message: expect.stringContaining('the line has no end') },
        ]);
      },
      MINUTES,
    );
  });

  test(
    'of povray: renders a scene of the bucket as a plain user on a read-only root',
    async () => {
      const filter = (path: string) => basename(path) !== 'dist';
      const image = await imageOf('povray', (applicationCode) =>
        cp(POVRAY, join(applicationCode, 'povray'), { recursive: true, filter }),
      );
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
    8 * MINUTES,
  );
});
