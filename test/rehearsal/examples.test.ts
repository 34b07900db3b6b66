import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { EC2 } from '@aws-sdk/client-ec2';
import { blueprint } from '../../examples/blueprint.config';
import { clientSettings } from '../../local/aws/clients';
import type { LoopbackServer } from '../../local/ecs/aws-http';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { startCodePipelineProxy } from '../delivery/codepipeline-proxy';
import { mixedPhotos } from '../e2e/album';
import { awsClients } from '../emulator/clients';
import { LAUNCH_MODES, type LaunchMode } from '../emulator/launch-modes';
import {
  type CheckoutCopy,
  cdktf,
  copyCheckout,
  DEPLOYED_TO_MOTO,
  type Project,
  planNothing,
  stacksOf,
  terraform,
} from './checkout';
import { drainDeployed } from './drain-deployed';
import { type ProviderServer, startProvider } from './provider-server';
import { whyNoRehearsal } from './terraform-tools';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
/** `rehearsal.test.ts` deploys the first two, or their like, and plans them again. */
const DEPLOYED_ELSEWHERE = ['default', 'own-key', ...DEPLOYED_TO_MOTO];
const ENVIRONMENTS = Object.keys(blueprint.environments).filter(
  (name) => !DEPLOYED_ELSEWHERE.includes(name),
);

const FILES = 300;
/** Half a minute of two cores alone; beside other suites it has taken more than ten. */
const drains = process.env.DRAIN_DEPLOYED ? test : test.skip;
/** It has a pipeline more for each way to launch tasks. */
const DRAINED = 'endpoints';
const MODES = Object.keys(LAUNCH_MODES) as readonly LaunchMode[];

rehearse(`the example environments${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let making: LoopbackServer;
  let provider: ProviderServer;
  let copy: CheckoutCopy;
  let project: Project;

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    const configuration = join(copy.path, 'examples', 'blueprint.config.ts');
    making = await startCodePipelineProxy(emulator.endpoint);
    const { endpoint: makingEndpoint } = making;
    provider = await startProvider(makingEndpoint);
    const { path } = copy;
    project = { path, endpoint: emulator.endpoint, makingEndpoint, provider, configuration };
    await completeExamples(emulator.endpoint, configuration);
    await cdktf(project, 'synth');
  }, 240_000);

  afterAll(async () => {
    await provider.stop();
    await making.stop();
    await emulator.stop();
    await copy.remove();
  });

  // A plan reads the states of the stacks before it, so that those are made.
  test.each(ENVIRONMENTS)(
    '%s initialises, validates, plans and applies every stack of it, and no second plan ' +
      'has a change',
    async (environment) => {
      const stacks = stacksOf(environment);
      const applied = [];
      for (const stack of stacks) {
        await terraform(project, stack, 'init', '-input=false');
        // An apply validates and plans first.
        applied.push(await terraform(project, stack, 'apply', '-auto-approve', '-no-color'));
      }
      const adds = expect.stringMatching(/Plan: [1-9]\d* to add, 0 to change, 0 to destroy/);
      expect(applied).toEqual([expect.any(String), adds, adds]);
      await planNothing(project, ...stacks);
    },
    480_000,
  );

  drains(
    `${FILES} mixed files lose nothing in any pipeline, whose tasks are launched by: ` +
      MODES.join(', '),
    async () => {
      const photos = await mixedPhotos(FILES);
      const ends = MODES.map((mode) =>
        drainDeployed(project, DRAINED, mode, photos).catch((error: unknown) => [inspect(error)]),
      );
      const broken = await Promise.all(ends);
      expect(Object.fromEntries(MODES.map((mode, index) => [mode, broken[index]]))).toEqual(
        Object.fromEntries(MODES.map((mode) => [mode, []])),
      );
    },
    600_000,
  );
});

/** The network, cluster and bucket that an example calls existing; the pipelines to be drained. */
async function completeExamples(endpoint: string, configuration: string): Promise<void> {
  const clients = awsClients(endpoint);
  await clients.ecs.createCluster({ clusterName: 'shared' });
  await clients.s3.createBucket({ Bucket: 'company-uploads' });
  clients.destroy();
  const ec2 = new EC2(clientSettings(endpoint));
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const { Subnet } = await ec2.createSubnet({
    VpcId: Vpc?.VpcId,
    CidrBlock: '10.0.1.0/24',
    AvailabilityZone: 'us-east-1a',
  });
  ec2.destroy();
  const text = await readFile(configuration, 'utf8');
  // One of them also has as many tags as one may have.
  const tags = JSON.stringify(
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`tag-${i}`, 'x'])),
  );
  await writeFile(
    configuration,
    text
      .replace(/vpc-[0-9a-f]{17}/, String(Vpc?.VpcId))
      .replace(/subnet-[0-9a-f]{17}/, String(Subnet?.SubnetId))
      .replace('nat: {', `nat: { tags: ${tags},`)
      .replace(
        /(endpoints: {.*?pipelines: {)/s,
        `$1 ${JSON.stringify(LAUNCH_MODES).slice(1, -1)},`,
      ),
  );
}
