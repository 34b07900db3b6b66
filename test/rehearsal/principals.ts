import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../../local/aws/clients';
import type { Pipeline } from '../../local/ports';
import type { PolicyDocument } from '../iam/simulate';

export interface Principal {
  /** ARN of its role, or the name of a service. */
  readonly name: string;
  /** A service has none: a resource must let it in. */
  readonly policy?: PolicyDocument;
}

/** Somebody with a role. */
export type RolePrincipal = Required<Principal>;

/** Who acts in a deployed pipeline, and what each may do: read back from AWS, not from the program that wrote it. */
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
  /** Policies of queues and buckets by ARN. */
  readonly resourcePolicies: ReadonlyMap<string, PolicyDocument>;
}

export async function readPrincipals(clients: Clients, pipeline: Pipeline): Promise<Principals> {
  const { ecs, lambda, scheduler } = clients;
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: pipeline.taskFamily }),
  );
  const { Role } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: pipeline.scalerFunctionName }),
  );
  const { Target } = await scheduler.send(new GetScheduleCommand({ Name: pipeline.scalerFunctionName }));
  const principal = async (name = ''): Promise<RolePrincipal> => ({
    name,
    policy: await readPolicy(clients, name),
  });
  const queues = await queuePolicies(clients, [pipeline.queueUrl, pipeline.deadLetterQueueUrl]);
  return {
    queueArn: queues[0]?.[0] ?? '',
    task: await principal(taskDefinition?.taskRoleArn),
    execution: await principal(taskDefinition?.executionRoleArn),
    scaler: await principal(Role),
    schedule: await principal(Target?.RoleArn),
    scheduleTargetArn: Target?.Arn ?? '',
    resourcePolicies: new Map([
      ...queues,
      ...(await bucketPolicies(clients, [pipeline.sourceBucket, pipeline.destinationBucket])),
    ]),
  };
}

/** @throws Error when a role has more or less than the one inline policy that its grants make. */
async function readPolicy({ iam }: Clients, roleArn: string): Promise<PolicyDocument> {
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const [PolicyName, ...more] = PolicyNames;
  if (!PolicyName || more.length > 0)
    throw new Error(`${roleArn} must have one policy but has ${PolicyNames}.`);
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  return JSON.parse(decodeURIComponent(PolicyDocument ?? '')) as PolicyDocument;
}

function queuePolicies({ sqs }: Clients, urls: readonly string[]) {
  return Promise.all(
    urls.map(async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy', 'QueueArn'] }),
      );
      return [Attributes.QueueArn ?? '', JSON.parse(Attributes.Policy ?? '') as PolicyDocument] as const;
    }),
  );
}

function bucketPolicies({ s3 }: Clients, buckets: readonly string[]) {
  return Promise.all(
    buckets.map(async (Bucket) => {
      const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      return [`arn:aws:s3:::${Bucket}`, JSON.parse(Policy) as PolicyDocument] as const;
    }),
  );
}
