import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Clients, createClients } from '../../local/aws/clients';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { everyFormat, hostilePhotos } from '../e2e/album';
import { brokenPromises, readOutcome } from '../e2e/outcome';
import { cameraJpeg } from '../e2e/photos';
import { eventually } from '../e2e/stand';
import { unusedGrants } from '../iam/grants';
import type { World } from '../iam/implied-permissions';
import { cdktf, type Project, terraform } from './cdktf';
import { type CheckoutCopy, copyCheckout } from './checkout-copy';
import { type Deployment, promote, readDeployment } from './deployment';
import { emptyBucket } from './empty-bucket';
import { allowedElsewhere, type Need, needOfEvents, needOfSchedule, needsOf, refused } from './iam-proof';
import { type Inventory, takeInventory } from './inventory';
import { type Principals, readPrincipals } from './principals';
import { openRecordedStand, type Recording } from './recorded-stand';
import { samplePhotos } from './sample-photos';
import { whyNoRehearsal } from './terraform-tools';
import { uploadPhotos } from './upload';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
const STACKS = ['dev-core-infra', 'dev-queue-processing'];
/** A second environment beside ours. */
const RENAMES = { 'spillway-dev': 'spillway-qa', '/spillway/dev/': '/spillway/qa/' };

/** Actions that no call of ours needs, and who needs them. */
const FARGATE = 'Fargate itself pulls the image and writes the log before and beside the worker';
const LAMBDA = "Lambda itself writes the function's log";
const REASONS = {
  task: {},
  scaler: { 'logs:CreateLogStream': LAMBDA, 'logs:PutLogEvents': LAMBDA },
  schedule: {},
  execution: {
    'ecr:GetAuthorizationToken': FARGATE,
    'ecr:BatchCheckLayerAvailability': FARGATE,
    'ecr:BatchGetImage': FARGATE,
    'ecr:GetDownloadUrlForLayer': FARGATE,
    'logs:CreateLogStream': FARGATE,
    'logs:PutLogEvents': FARGATE,
  },
} as const;

rehearse(`cdktf deploy of the default environment${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: Emulator;
  let copy: CheckoutCopy;
  let project: Project;
  let clients: Clients;
  let before: Inventory;
  let deployment: Deployment;
  let principals: Principals;
  let calls: Recording;

  beforeAll(async () => {
    emulator = await startEmulator();
    copy = await copyCheckout();
    project = { path: copy.path, endpoint: emulator.endpoint };
    clients = createClients(emulator.endpoint);
    before = await takeInventory(emulator.endpoint);
  }, 60_000);

  afterAll(async () => {
    clients.destroy();
    await emulator.stop();
    await copy.remove();
  }, 60_000);

  test('makes everything, and a second plan is empty', async () => {
    await cdktf(project, 'deploy', 'dev-*', '--auto-approve');
    for (const stack of STACKS) {
      // A plan with changes would end with 2.
      await terraform(project, stack, 'plan', '-input=false', '-detailed-exitcode');
    }
    deployment = await readDeployment(project, 'dev');
    principals = await readPrincipals(clients, deployment.pipeline);
    const after = await takeInventory(emulator.endpoint);
    const kinds = Object.keys(after).filter(
      (kind) => (after[kind]?.length ?? 0) > (before[kind]?.length ?? 0),
    );
    expect(kinds).toEqual(Object.keys(after));
  }, 120_000);

  test('and what Terraform made turns every upload into its renditions or its dead letter', async () => {
    const { pipeline } = deployment;
    const photos = [...(await hostilePhotos()), ...(await everyFormat()), ...(await samplePhotos())];
    const late = {
      path: 'late.jpg',
      body: await cameraJpeg(640, 480, 1),
      ends: { format: 'jpeg', width: 640, height: 480 },
    };
    await promote(clients, pipeline);
    const stand = await openRecordedStand(pipeline);
    try {
      await uploadPhotos([...photos, { ...late, path: 'gone.jpg' }], deployment);
      await removeSource(clients.s3, deployment, 'gone.jpg');
      await stand.scale();
      await eventually(() => stand.jobs.length > photos.length);
      // What a last long poll brings to a task that must go is given back.
      for (const { taskArn } of stand.runner.tasks()) stand.runner.killTask(taskArn, 'SIGTERM');
      await uploadPhotos([late], deployment);
      await stand.quiet();
      calls = stand.calls();
      const outcome = await readOutcome(clients.s3, clients.sqs, pipeline);
      expect(await brokenPromises([...photos, late], outcome, pipeline)).toEqual([]);
    } finally {
      await stand.close();
    }
  }, 150_000);

  describe('IAM', () => {
    let needs: readonly Need[];

    beforeAll(() => {
      const { pipeline } = deployment;
      const world: World = {
        partition: 'aws',
        region: pipeline.region,
        accountId: pipeline.accountId,
        taskRoleArns: [principals.task.name, principals.execution.name],
        keyArnOf: () => undefined,
      };
      needs = [
        ...needsOf(principals.task, calls.worker, world),
        ...needsOf(principals.scaler, calls.scaler, world),
        needOfSchedule(principals),
        needOfEvents(pipeline, principals.queueArn),
      ];
    });

    test('allows every recorded call', async () => {
      expect(await refused(needs, principals)).toEqual([]);
    });

    test('denies the same calls aimed at a second environment', async () => {
      const { tried, allowed } = await allowedElsewhere(needs, principals, RENAMES);
      expect(allowed).toEqual([]);
      expect(tried).toBeGreaterThan(needs.length);
    });

    test.each(['task', 'scaler', 'schedule', 'execution'] as const)(
      'grants the %s role nothing that no call needs',
      (role) => {
        const principal = principals[role];
        const mine = needs.filter((need) => need.principal === principal);
        const used = new Set(mine.map(({ permission }) => permission.action));
        expect(unusedGrants(principal.policy, used, REASONS[role])).toEqual([]);
      },
    );
  });

  test('cdktf destroy leaves nothing but old revisions of the task definition', async () => {
    const { pipeline } = deployment;
    for (const bucket of [pipeline.sourceBucket, pipeline.destinationBucket])
      await emptyBucket(clients.s3, bucket);
    await cdktf(project, 'destroy', 'dev-*', '--auto-approve');
    const { taskDefinitions, ...left } = await takeInventory(emulator.endpoint);
    const { taskDefinitions: _none, ...found } = before;
    expect(left).toEqual(found);
    expect(taskDefinitions).toEqual([expect.stringContaining(`task-definition/${pipeline.taskFamily}:1`)]);
  }, 120_000);
});

async function removeSource(s3: S3Client, { pipeline }: Deployment, path: string): Promise<void> {
  const Key = `${pipeline.sourcePrefix}${path}`;
  await s3.send(new DeleteObjectCommand({ Bucket: pipeline.sourceBucket, Key }));
}
