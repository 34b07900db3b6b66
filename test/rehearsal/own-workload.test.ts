import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { type AwsClients, awsClients } from '../emulator/clients';
import { keysIn } from '../emulator/outcome';
import { type CheckoutCopy, cdktf, copyCheckout, type Project } from './checkout';
import { readDeployment } from './deployment';
import { openRecordedFleet } from './recorded-fleet';
import { whyNoRehearsal } from './terraform-tools';

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
        },
      },
    },
  };`;

rehearse(`cdktf deploy of further workloads${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let copy: CheckoutCopy;
  let clients: AwsClients;
  let project: Project;

  const folderOf = (workload: string) => join(copy.path, 'application-code', workload);

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    clients = awsClients(emulator.endpoint);
    const { path } = copy;
    project = { path, endpoint: emulator.endpoint };
    await cp(join(path, 'examples/checksum'), folderOf('checksum'), { recursive: true });
    await writeFile(join(path, 'blueprint.config.ts'), CONFIGURATION);
    for (const workload of ['application-code/checksum', 'application-code/povray'])
      await promisify(execFile)(process.execPath, ['build.mjs', workload], { cwd: path });
    await cdktf(project, 'deploy', 'own-*', '--auto-approve');
  }, 240_000);

  afterAll(async () => {
    clients.destroy();
    await emulator.stop();
    await copy.remove();
  }, 60_000);

  /** Puts an object into a pipeline, and waits until the fleet has done it. */
  async function outputsOf(name: string, key: string, Body: Uint8Array) {
    const { pipeline } = await readDeployment(project, 'own', name);
    const fleet = await openRecordedFleet(pipeline, {
      programOf: (image) => join(folderOf(/\/(\w+):/.exec(image)?.[1] ?? ''), 'dist/main.js'),
    });
    try {
      const Key = `${pipeline.sourcePrefix}${key}`;
      await clients.s3.putObject({ Bucket: pipeline.sourceBucket, Key, Body });
      await fleet.quiet([Key]);
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
    const { keys, read } = await outputsOf('sums', 'a.bin', Buffer.from('a'));
    expect(keys).toEqual(['processed/a.bin.sha256']);
    const sum = createHash('sha256').update('a').digest('hex');
    expect((await read('processed/a.bin.sha256')).toString()).toBe(`${sum}\n`);
  }, 120_000);

  testWithPovray(
    `renders a scene of the pipeline beside it${skipped}`,
    async () => {
      const scene = await readFile(join(folderOf('povray'), 'samples/spillway.zip'));
      const { keys, read } = await outputsOf('scenes', 'dams/spillway.zip', scene);
      const picture = 'processed/dams/spillway.zip.out/spillway.png';
      expect(keys).toEqual([picture, 'processed/manifests/dams/spillway.zip.json']);
      const { width, height, format } = await sharp(await read(picture)).metadata();
      expect({ width, height, format }).toEqual({ width: 480, height: 300, format: 'png' });
    },
    120_000,
  );
});
