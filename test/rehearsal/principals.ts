import type { Pipeline } from '../../local/ports';
import { askJson } from '../delivery/emulator-api';
import type { AwsClients } from '../emulator/clients';
import type { PolicyDocument } from '../iam/simulate';
import { templateFamilyOf } from './deployment';

export interface Principal {
  /** ARN of its role, or the name of a service. */
  readonly name: string;
  /** A service has none: a resource must let it in. */
  readonly policy?: PolicyDocument;
}

/** A principal with a role. */
export type RolePrincipal = Required<Principal>;

/** The roles of a deployed pipeline and their grants, read back from AWS. */
export interface Principals {
  /** The worker's own calls. */
  readonly task: RolePrincipal;
  /** Fargate's calls before and beside the worker. */
  readonly execution: RolePrincipal;
  readonly scaler: RolePrincipal;
  readonly schedule: RolePrincipal;
  /** The work queue's. */
  readonly queueArn: string;
  /** What the schedule calls. */
  readonly scheduleTargetArn: string;
  /** Policies of queues, buckets and keys by ARN. */
  readonly resourcePolicies: ReadonlyMap<string, PolicyDocument>;
  /** Own key of a queue or bucket, by the ARN of that. */
  readonly keyArns: ReadonlyMap<string, string>;
}

export async function readPrincipals(clients: AwsClients, pipeline: Pipeline): Promise<Principals> {
  const { ecs, lambda, scheduler } = clients;
  const { taskDefinition } = await ecs.describeTaskDefinition({
    taskDefinition: templateFamilyOf(pipeline),
  });
  const { Role } = await lambda.getFunctionConfiguration({
    FunctionName: pipeline.scalerFunctionName,
  });
  const { Target } = await scheduler.getSchedule({ Name: pipeline.scalerFunctionName });
  const principal = async (name = ''): Promise<RolePrincipal> => ({
    name,
    policy: await readPolicy(clients, name),
  });
  const guarded = [
    ...(await readQueues(clients, pipeline)),
    ...(await readBuckets(clients, pipeline)),
  ];
  const keyArns = new Map(
    guarded.flatMap(({ arn, keyArn }) => (keyArn ? [[arn, keyArn] as const] : [])),
  );
  const keys = [...new Set(keyArns.values())].map((arn) => readKeyPolicy(pipeline.endpoint, arn));
  return {
    queueArn: guarded[0]?.arn ?? '',
    task: await principal(taskDefinition?.taskRoleArn),
    execution: await principal(taskDefinition?.executionRoleArn),
    scaler: await principal(Role),
    schedule: await principal(Target?.RoleArn),
    scheduleTargetArn: Target?.Arn ?? '',
    resourcePolicies: new Map([
      ...guarded.map(({ arn, policy }) => [arn, policy] as const),
      ...(await Promise.all(keys)),
    ]),
    keyArns,
  };
}

/** All policies of a role as one. @throws Error when a role has none. */
export async function readPolicy(clients: AwsClients, roleArn: string): Promise<PolicyDocument> {
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const [first, ...more] = [
    ...(await readInline(clients, RoleName)),
    ...(await readAttached(clients, RoleName)),
  ];
  if (!first) throw new Error(`${roleArn} must have a policy but has none.`);
  return { ...first, Statement: [first, ...more].flatMap(({ Statement }) => Statement) };
}

async function readInline(
  { iam }: AwsClients,
  RoleName: string,
): Promise<readonly PolicyDocument[]> {
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  return Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
      return JSON.parse(decodeURIComponent(PolicyDocument ?? '')) as PolicyDocument;
    }),
  );
}

async function readAttached(
  { iam }: AwsClients,
  RoleName: string,
): Promise<readonly PolicyDocument[]> {
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  return Promise.all(
    AttachedPolicies.map(async ({ PolicyArn }) => {
      const { Policy } = await iam.getPolicy({ PolicyArn });
      const VersionId = Policy?.DefaultVersionId;
      const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId });
      return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')) as PolicyDocument;
    }),
  );
}

/** A resource with a policy of its own. */
interface Guarded {
  readonly arn: string;
  readonly policy: PolicyDocument;
  readonly keyArn: string | undefined;
}

function readQueues(
  { sqs }: AwsClients,
  { queueUrl, deadLetterQueueUrl }: Pipeline,
): Promise<Guarded[]> {
  return Promise.all(
    [queueUrl, deadLetterQueueUrl].map(async (QueueUrl) => {
      const { Attributes = {} } = await sqs.getQueueAttributes({
        QueueUrl,
        AttributeNames: ['Policy', 'QueueArn', 'KmsMasterKeyId'],
      });
      const { QueueArn = '', Policy = '', KmsMasterKeyId: keyArn } = Attributes;
      return { arn: QueueArn, policy: JSON.parse(Policy) as PolicyDocument, keyArn };
    }),
  );
}

function readBuckets(
  { s3 }: AwsClients,
  { sourceBucket, destinationBucket }: Pipeline,
): Promise<Guarded[]> {
  return Promise.all(
    [sourceBucket, destinationBucket].map(async (Bucket) => {
      const { Policy = '' } = await s3.getBucketPolicy({ Bucket });
      const answer = await s3.getBucketEncryption({ Bucket });
      const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
      const keyArn = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
      return {
        arn: `arn:aws:s3:::${Bucket}`,
        policy: JSON.parse(Policy) as PolicyDocument,
        keyArn,
      };
    }),
  );
}

/** No SDK client of KMS is at hand. */
async function readKeyPolicy(
  endpoint: string,
  KeyId: string,
): Promise<readonly [string, PolicyDocument]> {
  const { Policy } = await askJson<{ readonly Policy: string }>(endpoint, {
    service: 'kms',
    target: 'TrentService.GetKeyPolicy',
    input: { KeyId, PolicyName: 'default' },
  });
  return [KeyId, JSON.parse(Policy) as PolicyDocument];
}
