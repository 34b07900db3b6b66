import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
const WORKLOAD = 'application-code/checksum';
const CONFIGURATION = `
  export const blueprint = {
    environments: {
      sums: { pipelines: { photos: { workload: 'checksum', image: 'example.com/checksum:1' } } },
    },
  };`;

rehearse(`cdktf deploy of a further workload${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let copy: CheckoutCopy;
  let clients: AwsClients;

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    clients = awsClients(emulator.endpoint);
  }, 60_000);

  afterAll(async () => {
    clients.destroy();
    await emulator.stop();
    await copy.remove();
  }, 60_000);

  test('does its jobs, and no file changes but the configuration', async () => {
    const { path } = copy;
    await cp(join(path, 'examples/checksum'), join(path, WORKLOAD), { recursive: true });
    await writeFile(join(path, 'blueprint.config.ts'), CONFIGURATION);
    await promisify(execFile)(process.execPath, ['build.mjs', WORKLOAD], { cwd: path });
    const project: Project = { path, endpoint: emulator.endpoint };
    await cdktf(project, 'deploy', 'sums-*', '--auto-approve');
    const { pipeline } = await readDeployment(project, 'sums');
    const program = join(path, WORKLOAD, 'dist/main.js');
    const fleet = await openRecordedFleet(pipeline, { programOf: () => program });
    try {
      const Key = `${pipeline.sourcePrefix}a.bin`;
      await clients.s3.putObject({ Bucket: pipeline.sourceBucket, Key, Body: 'a' });
      await fleet.quiet();
    } finally {
      await fleet.close();
    }
    expect(await keysIn(clients, pipeline.destinationBucket)).toEqual(['processed/a.bin.sha256']);
    const { Body } = await clients.s3.getObject({
      Bucket: pipeline.destinationBucket,
      Key: 'processed/a.bin.sha256',
    });
    const sum = createHash('sha256').update('a').digest('hex');
    expect(await Body?.transformToString()).toBe(`${sum}\n`);
  }, 240_000);
});
