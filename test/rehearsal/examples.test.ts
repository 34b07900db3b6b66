import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { blueprint } from '../../examples/blueprint.config';
import { clientSettings } from '../../local/aws/clients';
import type { LoopbackServer } from '../../local/ecs/aws-http';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { startCodePipelineProxy } from '../delivery/codepipeline-proxy';
import { awsClients } from '../emulator/clients';
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
import { whyNoRehearsal } from './terraform-tools';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
/** `rehearsal.test.ts` deploys the first two, or their like, and plans them again. */
const DEPLOYED_ELSEWHERE = ['default', 'own-key', ...DEPLOYED_TO_MOTO];
const ENVIRONMENTS = Object.keys(blueprint.environments).filter(
  (name) => !DEPLOYED_ELSEWHERE.includes(name),
);

rehearse(`the example environments${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let making: LoopbackServer;
  let copy: CheckoutCopy;
  let project: Project;

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    const configuration = join(copy.path, 'examples', 'blueprint.config.ts');
    making = await startCodePipelineProxy(emulator.endpoint);
    const { endpoint: makingEndpoint } = making;
    project = { path: copy.path, endpoint: emulator.endpoint, makingEndpoint, configuration };
    await makeWhatIsThereAlready(emulator.endpoint, configuration);
    await cdktf(project, 'synth');
  }, 60_000);

  afterAll(async () => {
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
    240_000,
  );
});

/** The network, cluster and bucket that an example calls existing. */
async function makeWhatIsThereAlready(endpoint: string, configuration: string): Promise<void> {
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
      .replace('nat: {', `nat: { tags: ${tags},`),
  );
}
