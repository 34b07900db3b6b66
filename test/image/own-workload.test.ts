import { createHash } from 'node:crypto';
import { type OpenedImage, whyNoBuilder } from './builder';
import { ARCHITECTURE, copySources, type ImageBuild, openImageBuild } from './image-build';
import { startImage } from './start-image';
import { openTaskUnderTest, type TaskUnderTest } from './task-under-test';

const MINUTES = 60_000;
const FOLDER = 'application-code/checksum';
const missing = whyNoBuilder();
const rehearse = missing ? describe.skip : describe;

rehearse(`the image of an own workload${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let build: ImageBuild;
  let sources: Awaited<ReturnType<typeof copySources>>;
  let image: OpenedImage;
  let tasks: TaskUnderTest;

  beforeAll(async () => {
    build = await openImageBuild();
    sources = await copySources(
      [{ file: `${FOLDER}/Dockerfile`, from: 'ARG WORKLOAD=command', to: 'ARG WORKLOAD=checksum' }],
      {
        [FOLDER]: 'examples/checksum',
        [`${FOLDER}/Dockerfile`]: 'application-code/command/Dockerfile',
      },
    );
    const { log } = await build.run(sources.path, 'abc', { WORKLOAD: 'checksum' });
    const [, reference] = /^(\S+) is sha256:/m.exec(log) ?? [];
    if (!reference) throw new Error(log);
    image = await build.builder.open(reference);
    tasks = await openTaskUnderTest(build.emulator.endpoint);
  }, 5 * MINUTES);

  afterAll(async () => {
    tasks?.close();
    await sources?.remove();
    await build?.close();
  }, MINUTES);

  test('is the base image with the engine, and says whose it is', () => {
    expect(image.config).toMatchObject({
      User: '10001:10001',
      WorkingDir: '/opt/spillway/workload',
      Volumes: { '/scratch': {} },
      Labels: {
        'org.opencontainers.image.title': 'checksum',
        'org.opencontainers.image.version': expect.stringMatching(`^${ARCHITECTURE}-`),
      },
    });
  });

  test(
    'does the job of an object of the bucket, and ends by itself with 0',
    async () => {
      const body = Buffer.from('abc');
      await tasks.send('a.bin', body);
      const task = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '1' });
      expect(await task.ended).toBe(0);
      const sum = createHash('sha256').update(body).digest('hex');
      expect(await tasks.outputs()).toEqual({ 'a.bin.sha256': `${sum}\n` });
    },
    MINUTES,
  );
});
