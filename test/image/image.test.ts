import { createHash } from 'node:crypto';
import { ALLOCATOR } from '../../application-code/images/memory/allocator';
import type { SummaryLine } from '../../application-code/worker/src/log-lines';
import type { BuildEnd } from '../codebuild/run-build';
import { type OpenedImage, whyNoBuilder } from './builder';
import {
  ARCHITECTURE,
  copySources,
  type ImageBuild,
  openImageBuild,
  REPOSITORY,
} from './image-build';
import { LOOK_AROUND, type Surroundings } from './look-around';
import { startImage } from './start-image';
import { openTaskUnderTest, type TaskUnderTest } from './task-under-test';

/** The longest build: the base images are made first, once a machine. */
const MINUTES = 60_000;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const OTHER_ARCHITECTURE = ARCHITECTURE === 'arm64' ? 'x86_64' : 'arm64';

const missing = whyNoBuilder();
const rehearse = missing ? describe.skip : describe;

rehearse(missing ? `the worker's image (skipped: ${missing})` : "the worker's image", () => {
  let build: ImageBuild;
  let sources: Awaited<ReturnType<typeof copySources>>;
  let first: BuildEnd;
  let image: OpenedImage;
  let tasks: TaskUnderTest;
  let tag: string;

  beforeAll(async () => {
    build = await openImageBuild();
    sources = await copySources();
    first = await build.run(sources.path, COMMIT);
    if (!first.succeeded) throw new Error(first.log);
    const [, reference = '', version = ''] = /^(\S+:(\S+)) is sha256:/m.exec(first.log) ?? [];
    tag = version;
    image = await build.builder.open(reference);
    tasks = await openTaskUnderTest(build.emulator.endpoint);
  }, 5 * MINUTES);

  afterAll(async () => {
    tasks?.close();
    await sources?.remove();
    await build?.close();
  }, MINUTES);

  describe('buildspec.yml', () => {
    test('builds the image, tests it by itself, and pushes it under its version', async () => {
      expect(first.log).toMatch(/ok {6}jpeg is read, and written as every format/);
      expect(first.log).not.toMatch(/^FAILED/m);
      expect(tag).toMatch(new RegExp(`^${ARCHITECTURE}-[0-9a-f]{40}$`));
      expect(await pushedDigest(tag)).toBe(first.exported.IMAGE_DIGEST);
    });

    test('exports the digest of the bytes that the registry returns', async () => {
      const bytes = await manifest();
      expect(first.exported.IMAGE_DIGEST).toBe(
        `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      );
    });

    test(
      'pushes an image of at most 100 MB: Node is 52 of them, Debian 30, libvips most ' +
        'of the rest',
      async () => {
        const { layers } = JSON.parse((await manifest()).toString()) as {
          layers: { size: number }[];
        };
        expect(layers.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(100e6);
      },
    );

    test('takes what has been pushed, whatever the commit, and builds nothing', async () => {
      const again = await build.run(sources.path, 'another commit');
      expect(again).toMatchObject({ succeeded: true, exported: first.exported });
      expect(again.log).toContain(`:${tag} exists: its digest is used, and nothing is built.`);
      expect(again.log).not.toMatch(/^STEP /m);
    });

    test('fails when the project is for another architecture than its machine', async () => {
      const end = await build.run(sources.path, COMMIT, { ARCHITECTURE: OTHER_ARCHITECTURE });
      expect(end.failure).toMatchObject({ phase: 'pre_build', exitCode: 1 });
      expect(end.log).toMatch(
        new RegExp(
          `This project builds for ${OTHER_ARCHITECTURE}, but its machine is .*: change the`,
        ),
      );
    });

    test('fails when the repository does not exist', async () => {
      const end = await build.run(sources.path, COMMIT, { REPOSITORY: 'nowhere' });
      expect(end.failure).toMatchObject({ phase: 'pre_build', exitCode: 1 });
      expect(end.log).toMatch(
        /^There is no image repository nowhere in us-east-1: deploy the delivery stack/m,
      );
    });

    test('fails when a variable of the project is missing', async () => {
      const end = await build.run(sources.path, COMMIT, { CACHE_REPOSITORY_URI: undefined });
      expect(end.log).toMatch(
        /^CACHE_REPOSITORY_URI is required but was not given: deploy the delivery stack/m,
      );
    });

    test(
      'fails when the image fails its self-test, and pushes nothing: sharp needs each of ' +
        'its folders',
      async () => {
        const broken = await copySources([
          { file: 'application-code/images/Dockerfile', from: ' node_modules/@img', to: '' },
        ]);
        const end = await build.run(broken.path, 'broken');
        await broken.remove();
        expect(end.failure?.phase).toBe('build');
        expect(end.log).toMatch(/^The image failed its self-test and is not pushed: /m);
        expect(end.exported).toEqual({});
        expect(await pushedDigests()).toEqual([first.exported.IMAGE_DIGEST]);
      },
      2 * MINUTES,
    );
  });

  test('the image says whose it is, ends on SIGTERM, and declares where it may write', () => {
    expect(image.config).toMatchObject({
      User: '10001:10001',
      StopSignal: 'SIGTERM',
      Volumes: { '/scratch': {} },
      Labels: {
        'org.opencontainers.image.title': 'spillway-worker',
        'org.opencontainers.image.revision': COMMIT,
        'org.opencontainers.image.version': tag,
      },
    });
  });

  test(
    'a task is user 10001 and process 1, writes to its scratch volume alone, and has ' +
      'its allocator set',
    async () => {
      const { root, config } = image;
      const probe = {
        root,
        config: { ...config, Entrypoint: ['/usr/local/bin/node', '-e', LOOK_AROUND] },
      };
      const seen = startImage(probe, {});
      await seen.ended;
      expect(JSON.parse(seen.lines.join('\n'))).toEqual<Surroundings>({
        process: 1,
        user: 10001,
        group: 10001,
        capabilities: '0000000000000000',
        allocator: ALLOCATOR,
        writable: ['/scratch'],
        refused: { '/': 'EROFS', '/app': 'EROFS', '/tmp': 'EROFS', '/etc': 'EROFS' },
        tools: ['sh'],
        billOfMaterials: 'CycloneDX',
      });
    },
  );

  test(
    'a task turns real photos of the bucket into renditions, dead-letters other files, ' +
      'and ends by itself with 0',
    async () => {
      const photos = await tasks.upload();
      const task = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '1' });
      expect(await task.ended).toBe(0);
      expect(await tasks.broken(photos)).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    'a task that is told to end while it works releases what it holds, and ends with 0',
    async () => {
      const photos = await tasks.upload();
      const task = startImage(image, {
        ...tasks.variables,
        IDLE_EXIT_SECONDS: '600',
        JOB_CONCURRENCY: '1',
      });
      await task.says('"outcome":"done"');
      await task.signal('SIGTERM');
      expect(await task.ended).toBe(0);
      const summary = JSON.parse(task.lines.at(-1) ?? '') as SummaryLine;
      expect(summary).toMatchObject({ event: 'summary', reason: 'drained', exitCode: 0 });
      expect(summary.done).toBeLessThan(photos.length);
      const next = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '3' });
      expect(await next.ended).toBe(0);
      expect(await tasks.broken(photos)).toEqual([]);
    },
    2 * MINUTES,
  );

  async function manifest(): Promise<Buffer> {
    const { IMAGE_DIGEST = '' } = first.exported;
    const answer = await fetch(
      `${build.emulator.endpoint}/v2/${REPOSITORY}/manifests/${IMAGE_DIGEST}`,
    );
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Of the image with a tag; without one, of all. */
  async function pushedDigests(...which: readonly string[]): Promise<readonly string[]> {
    const command = ['ecr', 'describe-images', '--repository-name', REPOSITORY, ...which];
    const { imageDetails } = JSON.parse(await build.aws(...command, '--output', 'json'));
    return imageDetails.map(({ imageDigest }: { imageDigest: string }) => imageDigest);
  }

  const pushedDigest = async (wanted: string) =>
    (await pushedDigests('--image-ids', `imageTag=${wanted}`))[0];
});
