import { join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import type { LoopbackServer } from '../../local/ecs/aws-http';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { startCodePipelineProxy } from '../delivery/codepipeline-proxy';
import { everyFormat, hostilePhotos } from '../e2e/album';
import { brokenPromises } from '../e2e/broken-promises';
import { cameraJpeg, type Photo } from '../e2e/photos';
import { samplePhotos } from '../e2e/sample-photos';
import { type AwsClients, awsClients } from '../emulator/clients';
import { deleteObjects, keysIn, readOutcome } from '../emulator/outcome';
import { unusedGrants } from '../iam/permission';
import {
  type CheckoutCopy,
  cdktf,
  cdktfUnasked,
  copyCheckout,
  type Project,
  planNothing,
  stacksOf,
} from './checkout';
import {
  type Deployment,
  deregisterPromoted,
  promote,
  readDeployment,
  uploadPhotos,
} from './deployment';
import { allowedElsewhere, moved, type Need, needsOfRun, refused } from './iam-proof';
import { type Inventory, takeInventory } from './inventory';
import { type Principals, readPrincipals } from './principals';
import { type ProviderServer, startProvider } from './provider-server';
import { openRecordedFleet, type Recording } from './recorded-fleet';
import { whyNoRehearsal } from './terraform-tools';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
/** A second environment beside ours. */
const RENAMES = { 'spillway-dev': 'spillway-qa', '/spillway/dev/': '/spillway/qa/' };

const TO_OWN_KEY = { 'spillway-dev': 'spillway-own-key', '/spillway/dev/': '/spillway/own-key/' };
const ROLES = ['task', 'scaler', 'schedule', 'execution'] as const;
type Role = (typeof ROLES)[number];
type Reasons = Readonly<Record<Role, Readonly<Record<string, string>>>>;

/** Actions that no call of ours needs, and who needs them. */
const FARGATE = 'Fargate itself pulls the image and writes the log before and beside the worker';
const LAMBDA = "Lambda itself writes the function's log and traces";
const REASONS: Reasons = {
  task: { 's3:AbortMultipartUpload': 'a workload whose large file fails removes its parts' },
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
};
/**
 * The example with a key also traces its scaler, and services decrypt what they keep for a role.
 */
const WITH_KEY = {
  scaler: {
    'xray:PutTelemetryRecords': LAMBDA,
    'xray:PutTraceSegments': LAMBDA,
    'kms:Decrypt': 'Lambda decrypts the variables of the function as its role',
  },
  schedule: { 'kms:Decrypt': 'EventBridge Scheduler decrypts the schedule as its role' },
};

rehearse(
  `cdktf deploy of the default environment${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let emulator: Emulator;
    let making: LoopbackServer;
    let copy: CheckoutCopy;
    let provider: ProviderServer | undefined;
    let project: Project;
    let clients: AwsClients;
    let before: Inventory;
    let deployment: Deployment;
    let principals: Principals;
    let calls: Recording;

    beforeAll(async () => {
      emulator = await startEmulator();
      copy = await copyCheckout();
      making = await startCodePipelineProxy(emulator.endpoint);
      project = { path: copy.path, endpoint: emulator.endpoint, makingEndpoint: making.endpoint };
      clients = awsClients(emulator.endpoint);
      before = await takeInventory(emulator.endpoint);
    }, 60_000);

    afterAll(async () => {
      clients.destroy();
      await provider?.stop();
      await making.stop();
      await emulator.stop();
      await copy.remove();
    }, 60_000);

    test('makes everything, and a second plan is empty', async () => {
      await cdktfUnasked(project, 'deploy', 'dev-*');
      // A lock file decides until a user upgrades it.
      const again = await cdktf(project, 'diff', 'dev-core-infra');
      expect(again).toContain(
        'Reusing previous version of hashicorp/aws from the dependency lock file',
      );
      // So far, Terraform has started the provider itself, as it does for a user.
      provider = await startProvider(making.endpoint);
      project = { ...project, provider };
      await planNothing(project, ...stacksOf('dev'));
      deployment = await readDeployment(project, 'dev');
      principals = await readPrincipals(clients, deployment.pipeline);
      const after = await takeInventory(emulator.endpoint);
      const kinds = Object.keys(after).filter(
        (kind) => (after[kind]?.length ?? 0) > (before[kind]?.length ?? 0),
      );
      expect(kinds).toEqual(Object.keys(after));
    }, 240_000);

    test('and what Terraform made turns every upload into its renditions or its dead ' +
      'letter', async () => {
      const { pipeline } = deployment;
      const photos = [
        ...(await hostilePhotos()),
        ...(await everyFormat()),
        ...(await samplePhotos()),
      ];
      // Its first writes are refused, so that the job is released once.
      const late: Photo = {
        path: 'late.jpg',
        body: await cameraJpeg(640, 480, 1),
        ends: { format: 'jpeg', width: 640, height: 480 },
      };
      // Before there is an image, so that nothing but the recorded scaler launches tasks.
      const fleet = await openRecordedFleet(pipeline);
      try {
        // Its event finds no object, since no task runs yet.
        await uploadPhotos([{ ...late, path: 'gone.jpg' }], deployment);
        await removeSource(clients.s3, deployment, 'gone.jpg');
        await promote(clients, pipeline);
        await uploadPhotos([...photos, late], deployment);
        await fleet.quiet([...photos, late].map(({ path }) => `${pipeline.sourcePrefix}${path}`));
        calls = fleet.calls();
        expect(fleet.jobs.filter(({ outcome }) => outcome === 'released')).toHaveLength(1);
        const outcome = await readOutcome(clients, pipeline);
        expect(await brokenPromises([...photos, late], outcome, pipeline)).toEqual([]);
      } finally {
        await fleet.close();
      }
    }, 240_000);

    describe('IAM', () => {
      let needs: readonly Need[];

      beforeAll(() => {
        needs = needsOfRun(calls, deployment.pipeline, principals);
      });

      test('allows every recorded call', async () => {
        expect(await refused(needs, principals)).toEqual([]);
      });

      test('denies the same calls aimed at a second environment', async () => {
        const { tried, allowed } = await allowedElsewhere(needs, principals, RENAMES);
        expect(allowed).toEqual([]);
        expect(tried).toBeGreaterThan(needs.length);
      });

      test.each(ROLES)('grants the %s role nothing that no call needs', (role) => {
        expect(idleGrants(role, needs, principals)).toEqual([]);
      });
    });

    test('an environment with a key of its own grants the same calls and its key, and ' +
      'nothing else; a second plan is empty', async () => {
      const second = await startEmulator();
      const secondMaking = await startCodePipelineProxy(second.endpoint);
      const secondProvider = await startProvider(secondMaking.endpoint);
      const theirs = awsClients(second.endpoint);
      try {
        const configuration = join(copy.path, 'examples', 'blueprint.config.ts');
        const { endpoint: makingEndpoint } = secondMaking;
        const ownKey = {
          path: copy.path,
          endpoint: second.endpoint,
          makingEndpoint,
          provider: secondProvider,
          configuration,
        };
        await cdktfUnasked(ownKey, 'deploy', 'own-key-*');
        await planNothing(ownKey, ...stacksOf('own-key'));
        const { pipeline } = await readDeployment(ownKey, 'own-key');
        const guarded = await readPrincipals(theirs, pipeline);
        const needs = needsOfRun(moved(calls, TO_OWN_KEY), pipeline, guarded);
        expect(
          needs.filter(({ permission }) => permission.action.startsWith('kms:')).length,
        ).toBeGreaterThan(3);
        expect(await refused(needs, guarded)).toEqual([]);
        expect(ROLES.flatMap((role) => idleGrants(role, needs, guarded, WITH_KEY))).toEqual([]);
      } finally {
        theirs.destroy();
        await secondProvider.stop();
        await secondMaking.stop();
        await second.stop();
      }
    }, 180_000);

    test('cdktf destroy leaves nothing', async () => {
      const { pipeline } = deployment;
      for (const bucket of [pipeline.sourceBucket, pipeline.destinationBucket])
        await deleteObjects(clients, bucket, await keysIn(clients, bucket));
      await deregisterPromoted(clients, pipeline);
      await cdktfUnasked(project, 'destroy', 'dev-*');
      expect(await takeInventory(emulator.endpoint)).toEqual(before);
    }, 240_000);
  },
);

function idleGrants(
  role: Role,
  needs: readonly Need[],
  principals: Principals,
  more: Partial<Reasons> = {},
) {
  const principal = principals[role];
  const mine = needs.filter((need) => need.principal === principal);
  const used = new Set(mine.map(({ permission }) => permission.action));
  return unusedGrants(principal.policy, used, { ...REASONS[role], ...more[role] });
}

async function removeSource(s3: S3, { pipeline }: Deployment, path: string): Promise<void> {
  const Key = `${pipeline.sourcePrefix}${path}`;
  await s3.deleteObject({ Bucket: pipeline.sourceBucket, Key });
}
