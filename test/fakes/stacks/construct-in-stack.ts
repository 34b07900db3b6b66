import { TerraformStack, Testing } from 'cdktf';
import { queueNumbers } from '../../../contract/queue-attributes';
import type { BlueprintInput } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';
import { EnvironmentScope } from '../../../stacks/iam/environment-scope';
import { ServiceRole } from '../../../stacks/iam/service-role';
import { JobQueue } from '../../../stacks/queue-processing/job-queue';
import { type Attributes, onlyOf, type Synthesised, synthesised } from './synthesised';

type Resources = Synthesised['resources'];

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** Names and ARNs that AWS would give. */
const KNOWN: Readonly<Record<string, (resource: Attributes) => Readonly<Record<string, string>>>> =
  {
    aws_s3_bucket: ({ bucket }) => ({ id: `${bucket}`, arn: `arn:aws:s3:::${bucket}` }),
    aws_sqs_queue: ({ name }) => ({
      url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
      arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
    }),
    aws_cloudwatch_event_rule: ({ name }) => ({
      name: `${name}`,
      arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`,
    }),
    aws_kms_key: () => ({ key_id: 'own', arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/own` }),
  };

/** An empty stack of the first environment of a blueprint. */
export function emptyStack(input: BlueprintInput = { environments: { dev: {} } }): TerraformStack {
  const [environment] = resolveBlueprint(input);
  if (!environment) throw new Error('a blueprint has an environment');
  const stack = new TerraformStack(Testing.app(), 'bench');
  new EnvironmentScope(stack, { environment, accountId: ACCOUNT, partition: 'aws' });
  return stack;
}

/** An empty stack in which a test puts a construct, and a role to which it grants. */
export class StackFixture {
  readonly stack: TerraformStack;
  readonly role: ServiceRole;

  constructor(input?: BlueprintInput) {
    this.stack = emptyStack(input);
    this.role = new ServiceRole(this.stack, 'worker', {
      roleName: 'worker',
      service: 'ecs-tasks.amazonaws.com',
      description: 'A task',
    });
  }

  /** Queues of a pipeline. */
  queue(id: string, pipeline = 'photos'): JobQueue {
    return new JobQueue(this.stack, id, {
      queueName: `spillway-dev-${pipeline}-work`,
      deadLetterQueueName: `spillway-dev-${pipeline}-dead-letters`,
      numbers: queueNumbers({ retentionDays: 10, visibilityTimeoutSeconds: 120, maxAttempts: 8 }),
      key: undefined,
    });
  }

  /** The stack's resources, with names and ARNs in place of references. */
  resources(): Resources {
    const { resources } = synthesised(this.stack);
    const text = JSON.stringify(resources).replace(
      /\$\{(\w+)\.([\w-]+)\.(\w+)\}/g,
      (reference, type, id, attribute) => {
        const resource = resources[type]?.[id];
        return (resource && KNOWN[type]?.(resource)[attribute]) ?? reference;
      },
    );
    return JSON.parse(text);
  }

  /** What the role may do: of each statement its actions and resources. */
  grants(): readonly (readonly [
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
  ])[] {
    const { Statement } = policyOf(onlyOf(this.resources(), 'aws_iam_role_policy'));
    return Statement.map(({ Sid, Action, Resource }) => [Sid, [Action].flat(), [Resource].flat()]);
  }
}

interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly [more: string]: unknown;
}

/** The policy of a role, queue, bucket or key. */
export function policyOf({ policy }: Attributes): PolicyDocument {
  return JSON.parse(`${policy}`);
}
