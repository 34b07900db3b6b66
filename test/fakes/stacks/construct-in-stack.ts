import { TerraformStack, Testing } from 'cdktf';
import { queueNumbers } from '../../../contract/queues';
import type { BlueprintInput } from '../../../stacks/config/blueprint-config';
import { EnvironmentScope } from '../../../stacks/iam/environment-scope';
import { ServiceRole } from '../../../stacks/iam/service-role';
import { JobQueue } from '../../../stacks/queue-processing/job-queue';
import { ACCOUNT, onlyEnvironment } from './environment';
import { type Attributes, onlyOf, policyOf, type Synthesised, synthesised } from './synthesised';

type Resources = Synthesised['resources'];

const REGION = 'us-east-1';

/** Names and ARNs of AWS. */
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

/** An empty stack of the environment of a blueprint. */
export function emptyStack(input: BlueprintInput = { environments: { dev: {} } }): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const environment = onlyEnvironment(input);
  new EnvironmentScope(stack, { environment, accountId: ACCOUNT, partition: 'aws' });
  return stack;
}

/** A stack for the construct of a test, with a role for its grants. */
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

  /** The role's statements, each with its actions and resources. */
  grants(): readonly (readonly [
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
  ])[] {
    const { Statement } = policyOf(onlyOf(this.resources(), 'aws_iam_role_policy'));
    return Statement.map(({ Sid, Action, Resource }) => [Sid, [Action].flat(), [Resource].flat()]);
  }
}
