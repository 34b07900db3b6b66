import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { logWriter } from '../delivery/emulator-api';
import { cameraJpeg } from '../e2e/photos';
import { type AwsClients, awsClients } from '../emulator/clients';
import { keysIn } from '../emulator/outcome';
import { run } from '../emulator/run-command';
import { type CheckoutCopy, cdktfUnasked, copyCheckout, type Project } from './checkout';
import { readDeployment } from './deployment';
import { type ProviderServer, startProvider } from './provider-server';
import { openRecordedFleet } from './recorded-fleet';
import { terraformEnvironment, whyNoRehearsal } from './terraform-tools';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
const isPovrayThere = spawnSync('povray', ['--version']).status === 0;
const testWithPovray = isPovrayThere ? test : test.skip;
const skipped = isPovrayThere ? '' : ' (skipped: there is no `povray` command on this machine)';
const CONFIGURATION = `
  export const blueprint = {
    environments: {
      own: {
        pipelines: {
          sums: {
            workload: 'checksum', image: 'example.com/checksum:1', idleExitSeconds: 2,
          },
          scenes: { workload: 'povray', image: 'example.com/povray:1', idleExitSeconds: 2 },
          train: {
            recipe: 'imagenet-224', image: 'example.com/images:1', idleExitSeconds: 2,
            destination: { kind: 'shards', samples: 2, label: { pattern: '^(\\\\w+)/' } },
          },
        },
      },
    },
  };`;

rehearse(`cdktf deploy of further workloads${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let copy: CheckoutCopy;
  let provider: ProviderServer;
  let clients: AwsClients;
  let project: Project;

  const folderOf = (workload: string) => join(copy.path, 'application-code', workload);

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    clients = awsClients(emulator.endpoint);
    const { path } = copy;
    provider = await startProvider(emulator.endpoint);
    project = { path, endpoint: emulator.endpoint, provider };
    await cp(join(path, 'examples/checksum'), folderOf('checksum'), { recursive: true });
    await writeFile(join(path, 'blueprint.config.ts'), CONFIGURATION);
    for (const workload of ['application-code/checksum', 'application-code/povray'])
      await promisify(execFile)(process.execPath, ['build.mjs', workload], { cwd: path });
    await cdktfUnasked(project, 'deploy', 'own-*');
  }, 240_000);

  afterAll(async () => {
    clients.destroy();
    await provider.stop();
    await emulator.stop();
    await copy.remove();
  }, 60_000);

  /** Puts objects into a pipeline, and waits until the fleet has done them. */
  async function outputsOf(
    name: string,
    sources: Readonly<Record<string, Uint8Array>>,
    afterwards: () => Promise<void> = async () => undefined,
  ) {
    const { pipeline } = await readDeployment(project, 'own', name);
    const fleet = await openRecordedFleet(pipeline, {
      programOf: (image) => join(folderOf(/\/(\w+):/.exec(image)?.[1] ?? ''), 'dist/main.js'),
      writeLog: logWriter(emulator.endpoint),
    });
    try {
      const Bucket = pipeline.sourceBucket;
      const put = async ([key, Body]: [string, Uint8Array]) => {
        const Key = `${pipeline.sourcePrefix}${key}`;
        await clients.s3.putObject({ Bucket, Key, Body });
        return Key;
      };
      await fleet.quiet(await Promise.all(Object.entries(sources).map(put)));
      await afterwards();
    } finally {
      await fleet.close();
    }
    const Bucket = pipeline.destinationBucket;
    const read = async (Key: string) => {
      const { Body: body } = await clients.s3.getObject({ Bucket, Key });
      return Buffer.from((await body?.transformToByteArray()) ?? []);
    };
    return { keys: await keysIn(clients, Bucket), read };
  }

  test('does the jobs of a workload that is a new folder, and no file changes but the ' +
    'configuration', async () => {
    const { keys, read } = await outputsOf('sums', { 'a.bin': Buffer.from('a') });
    expect(keys).toEqual(['processed/a.bin.sha256']);
    const sum = createHash('sha256').update('a').digest('hex');
    expect((await read('processed/a.bin.sha256')).toString()).toBe(`${sum}\n`);
  }, 120_000);

  testWithPovray(
    `renders a scene of the pipeline beside it${skipped}`,
    async () => {
      const scene = await readFile(join(folderOf('povray'), 'samples/spillway.zip'));
      const { keys, read } = await outputsOf('scenes', { 'dams/spillway.zip': scene });
      const picture = 'processed/dams/spillway.zip.out/spillway.png';
      expect(keys).toEqual([picture, 'processed/manifests/dams/spillway.zip.json']);
      const { width, height, format } = await sharp(await read(picture)).metadata();
      expect({ width, height, format }).toEqual({ width: 480, height: 300, format: 'png' });
    },
    120_000,
  );

  const spillway = async (...words: readonly string[]) => {
    const { path, endpoint } = project;
    const environment = {
      ...terraformEnvironment(endpoint),
      BLUEPRINT_CONFIG: join(path, 'blueprint.config.ts'),
      CDKTF_OUTDIR: join(path, 'cdktf.out'),
    };
    const program = join(path, 'cli', 'spillway.mjs');
    const options = ['-e', 'own', '-p', 'train', '--json'];
    return JSON.parse(
      await run(process.execPath, [program, ...words, ...options], { folder: path, environment }),
    );
  };

  test('makes a dataset: tasks write parts, and a task on the cluster finishes them', async () => {
    const photo = await cameraJpeg(640, 480, 1);
    const names = ['cats/a b.v1.jpg', 'cats/2.jpg', 'Hunde/ü.jpg'];
    const told: unknown[] = [];
    const { keys } = await outputsOf(
      'train',
      Object.fromEntries(names.map((name) => [name, photo])),
      async () => {
        told.push(
          await spillway('dataset', 'finish'),
          await spillway('dataset', 'verify', '--local'),
        );
      },
    );
    expect(told).toMatchObject([
      { event: 'dataset-finished', shards: 2, classes: 2, counts: { samples: 3, lacking: 0 } },
      { event: 'dataset-verified', samples: 3, problems: [] },
    ]);
    expect(keys.filter((key) => !key.startsWith('processed/parts/'))).toEqual([
      'processed/dataset.json',
      'processed/shards/0001/dataset-000000.tar',
      'processed/shards/0001/dataset-000001.tar',
      'processed/shards/0001/index.parquet',
      'processed/shards/0001/plan.json',
    ]);
  }, 180_000);
});
