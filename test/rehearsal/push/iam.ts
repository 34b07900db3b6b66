import { CANARY_TAG } from '../../../contract/delivery';
import { readProject } from '../../delivery/fake-codebuild';
import type { AwsCall } from '../../iam/aws-call';
import { type Deployment, unusedGrants } from '../../iam/permission';
import { allowedElsewhere, type Need, needsOf, refused } from '../iam-proof';
import { type Principals, type RolePrincipal, readPolicy, readPrincipals } from '../principals';
import { asAwsNames } from './delivery';
import type { DeployedCheckout } from './deployed-checkout';

/** A second environment beside ours. */
const RENAMES = { 'spillway-dev': 'spillway-qa', '/spillway/dev/': '/spillway/qa/' };

const CODEBUILD = 'CodeBuild itself takes the artefact and writes the log';
const CODEPIPELINE = 'CodePipeline itself takes the source and keeps it as an artefact';
const ARTEFACT = {
  'logs:CreateLogStream': CODEBUILD,
  'logs:PutLogEvents': CODEBUILD,
  's3:GetBucketAcl': CODEBUILD,
  's3:GetBucketLocation': CODEBUILD,
  's3:GetObjectVersion': CODEBUILD,
};

/** Actions that no recorded call needs, and who needs them. */
const REASONS: Readonly<Record<Actor, Readonly<Record<string, string>>>> = {
  build: { ...ARTEFACT, 's3:GetObject': CODEBUILD },
  deploy: ARTEFACT,
  // What a fleet needs beside its canaries, the rehearsal of the deployment shows.
  task: { 's3:AbortMultipartUpload': 'a workload whose large file fails removes its parts' },
  pipeline: Object.fromEntries(
    [
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      's3:GetBucketVersioning',
      's3:GetObject',
      's3:GetObjectTagging',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:PutObject',
    ].map((action) => [action, CODEPIPELINE]),
  ),
};

type Actor = 'build' | 'deploy' | 'pipeline' | 'task';

/** Who acted in a delivery, and what they needed. */
export interface Proof {
  readonly needs: readonly Need[];
  /** Sentences for needs that the policies do not meet. */
  refused(): Promise<readonly string[]>;
  /** Calls aimed at a second environment, or at the fleet, that the policies would allow. */
  allowedElsewhere(): ReturnType<typeof allowedElsewhere>;
  /** Grants that no call needs. */
  idle(actor: Actor): readonly string[];
}

export async function proveDelivery(checkout: DeployedCheckout): Promise<Proof> {
  const actors = await readActors(checkout);
  const principals = await readGuards(checkout);
  const needs = [
    ...(await recordedNeeds(checkout, actors)),
    ...needsOfPipeline(checkout, actors.pipeline),
    ...(await needsOfEvents(checkout)),
  ];
  return {
    needs,
    refused: () => refused(needs, principals),
    allowedElsewhere: () => allowedElsewhere(needs, principals, RENAMES),
    idle: (actor) => {
      const mine = needs.filter(({ principal }) => principal === actors[actor]);
      const used = new Set(mine.map(({ permission }) => permission.action));
      return unusedGrants(actors[actor].policy, used, REASONS[actor]);
    },
  };
}

async function readActors({ clients, delivery, project, deployment }: DeployedCheckout) {
  const { endpoint } = project;
  const withPolicy = async (name: string): Promise<RolePrincipal> => ({
    name,
    policy: await readPolicy(clients, name),
  });
  const ofProject = async (name: string) =>
    withPolicy((await readProject(endpoint, name)).serviceRole);
  return {
    build: await ofProject('spillway-dev-build-arm64'),
    deploy: await ofProject('spillway-dev-deploy'),
    pipeline: await withPolicy(delivery.definition.roleArn),
    task: (await readPrincipals(clients, deployment.pipeline)).task,
  } satisfies Record<Actor, RolePrincipal>;
}

/** Policies of all queues and buckets, those of the canary among them. */
async function readGuards({
  clients,
  deployment: { pipeline },
  delivery,
}: DeployedCheckout): Promise<Principals> {
  const { canaryQueueUrl, canaryDeadLetterQueueUrl } = JSON.parse((await delivery.target()).value);
  const fleet = await readPrincipals(clients, pipeline);
  const canary = await readPrincipals(clients, {
    ...pipeline,
    queueUrl: canaryQueueUrl,
    deadLetterQueueUrl: canaryDeadLetterQueueUrl,
  });
  return {
    ...fleet,
    resourcePolicies: new Map([...fleet.resourcePolicies, ...canary.resourcePolicies]),
  };
}

async function recordedNeeds(
  checkout: DeployedCheckout,
  actors: Readonly<Record<Actor, RolePrincipal>>,
) {
  const { pipeline } = checkout.deployment;
  const tags = new Map(
    (await checkout.tasks()).map(({ taskArn, tags: given = [] }) => [
      taskArn,
      Object.fromEntries(given.map(({ key = '', value = '' }) => [key, value])),
    ]),
  );
  const { task, execution } = await readPrincipals(checkout.clients, pipeline);
  const account: Deployment = {
    partition: 'aws',
    region: pipeline.region,
    accountId: pipeline.accountId,
    taskRoleArns: [task.name, execution.name],
    tagsOf: (taskArn) => tags.get(taskArn) ?? {},
    keyArnOf: () => undefined,
  };
  const { build, deploy } = checkout.delivery.calls();
  const calls: readonly (readonly [Actor, readonly AwsCall[]])[] = [
    ['build', build],
    ['deploy', deploy],
    ['task', checkout.fleet.calls().worker],
  ];
  return calls.flatMap(([actor, made]) => needsOf(actors[actor], made, account));
}

/** What CodePipeline asks for on behalf of its definition. */
function needsOfPipeline(
  { delivery, deployment }: DeployedCheckout,
  principal: RolePrincipal,
): readonly Need[] {
  const { region, accountId } = deployment.pipeline;
  const builds = delivery.definition.stages
    .flatMap(({ actions }) => actions)
    .filter(({ actionTypeId }) => actionTypeId.provider === 'CodeBuild');
  return builds.flatMap(({ configuration }) =>
    ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'].map((action) => {
      const project = `project/${configuration?.ProjectName}`;
      const resource = `arn:aws:codebuild:${region}:${accountId}:${project}`;
      return { principal, permission: { action, resource, context: {} } };
    }),
  );
}

/** What EventBridge asks for when it starts something. */
async function needsOfEvents({ clients, delivery }: DeployedCheckout): Promise<readonly Need[]> {
  const targets = [...delivery.started.archive, ...delivery.started.templates];
  return Promise.all(
    targets.map(async ({ Arn: resource, RoleArn = '' }) => {
      const isProject = resource.includes(':codebuild:');
      const action = isProject ? 'codebuild:StartBuild' : 'codepipeline:StartPipelineExecution';
      const policy = await readPolicy(clients, RoleArn);
      return {
        principal: { name: RoleArn, policy: asAwsNames(policy) },
        permission: { action, resource, context: {} },
      };
    }),
  );
}

/** The stop of a canary, of whose task the tag is what lets the deployer do it. */
export function stopsOf(needs: readonly Need[]): readonly Need[] {
  const key = `aws:ResourceTag/${CANARY_TAG.key}`;
  return needs.filter(
    ({ permission }) => permission.action === 'ecs:StopTask' && key in permission.context,
  );
}
