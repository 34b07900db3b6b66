import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { CANARY_STARTED_BY, CANARY_TAG } from '../../contract/delivery';
import { CONTAINER_NAME } from '../../contract/variables';
import type {
  CanaryLaunch,
  CanaryTask,
  CanaryTasks,
  LaunchResult,
  Revision,
  TaskDefinitions,
} from '../ports';
import { revisionName } from '../revisions/active-revisions';
import { registrable } from '../revisions/registrable';
import { keepWholeAnswer, sendWhole } from './whole-json';

type Json = Readonly<Record<string, unknown>>;

export function createTaskDefinitions(client: ECSClient): TaskDefinitions {
  return {
    async describe(revision) {
      const command = new DescribeTaskDefinitionCommand({
        taskDefinition: revision,
        include: ['TAGS'],
      });
      const answer = keepWholeAnswer(command.middlewareStack);
      try {
        await client.send(command);
      } catch (error) {
        // ECS has no code of its own for a revision that does not exist.
        if (error instanceof Error && error.name === 'ClientException') return undefined;
        throw error;
      }
      return toRevision(answer());
    },
    async register(definition, tags) {
      const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }));
      const input = { ...definition, tags: pairs };
      const command = new RegisterTaskDefinitionCommand(input as never);
      sendWhole(command.middlewareStack, input);
      const answer = keepWholeAnswer(command.middlewareStack);
      await client.send(command);
      return toRevision(answer());
    },
    async deregister(revision) {
      await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: revision }));
    },
    list: (family) => activeArns(client, family),
  };
}

/** Newest first. A prefix also finds longer names of families. */
async function activeArns(client: ECSClient, familyPrefix: string): Promise<readonly string[]> {
  const query = { familyPrefix, status: 'ACTIVE', sort: 'DESC' } as const;
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListTaskDefinitionsCommand({ ...query, nextToken }));
    arns.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return arns.filter((arn) => revisionName(arn).startsWith(`${familyPrefix}:`));
}

function toRevision(answer: Json): Revision {
  const described = answer.taskDefinition as Json;
  const tags = (answer.tags ?? []) as readonly { readonly key: string; readonly value?: string }[];
  const { taskDefinitionArn, status, registeredAt } = described;
  const arn = String(taskDefinitionArn);
  return {
    name: revisionName(arn),
    arn,
    isActive: status === 'ACTIVE',
    // Seconds since the epoch, as AWS's JSON protocols say it.
    ...(typeof registeredAt === 'number' && { registeredAt: registeredAt * 1000 }),
    definition: registrable(described),
    tags: Object.fromEntries(tags.map(({ key, value = '' }) => [key, value])),
  };
}

export function createCanaryTasks(client: ECSClient): CanaryTasks {
  return {
    launch: (launch) => runTask(client, launch),
    async look(cluster, taskArn) {
      const { tasks = [] } = await client.send(
        new DescribeTasksCommand({ cluster, tasks: [taskArn] }),
      );
      return tasks[0] && toCanaryTask(tasks[0]);
    },
    async stop(cluster, taskArn, reason) {
      await client.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
    },
  };
}

async function runTask(client: ECSClient, launch: CanaryLaunch): Promise<LaunchResult> {
  try {
    const { tasks = [], failures = [] } = await client.send(new RunTaskCommand(request(launch)));
    const taskArn = tasks[0]?.taskArn;
    if (taskArn) return { kind: 'accepted', taskArn };
    const because = failures.map(({ reason = 'no reason given', detail }) =>
      detail ? `${reason}: ${detail}` : reason,
    );
    return {
      kind: 'refused',
      because: because.join('; ') || 'ECS gave no reason',
      isLasting: false,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const because = `${error.name}: ${error.message}`;
    return { kind: 'refused', because, isLasting: LASTING.has(error.name) };
  }
}

/**
 * Refusals of the call as it is; every other one is a limit, a throttle, the network or a fault of
 * the service.
 */
const LASTING: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ClusterNotFoundException',
  'InvalidParameterException',
  'PlatformTaskDefinitionIncompatibilityException',
  'PlatformUnknownException',
  'UnrecognizedClientException',
  'UnsupportedFeatureException',
  'ValidationException',
]);

function request(launch: CanaryLaunch) {
  const variables = Object.entries(launch.variables).map(([name, value]) => ({ name, value }));
  return {
    cluster: launch.cluster,
    taskDefinition: launch.revision,
    count: 1,
    clientToken: launch.clientToken,
    startedBy: CANARY_STARTED_BY,
    // A Spot interruption says nothing about an image.
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...launch.subnetIds],
        securityGroups: [...launch.securityGroupIds],
        assignPublicIp: launch.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const),
      },
    },
    overrides: { containerOverrides: [{ name: CONTAINER_NAME, environment: variables }] },
    propagateTags: 'TASK_DEFINITION' as const,
    enableECSManagedTags: true,
    // Besides the revision's tags. No document says whether ECS takes the same tag twice.
    tags: [CANARY_TAG],
  };
}

function toCanaryTask({ lastStatus, stopCode, stoppedReason, containers = [] }: Task): CanaryTask {
  return {
    isStopped: lastStatus === 'STOPPED',
    ...(stopCode && { stopCode }),
    ...(stoppedReason && { stoppedReason }),
    containers: containers.map(({ name = '', exitCode, reason }) => ({
      name,
      ...(exitCode !== undefined && { exitCode }),
      ...(reason && { reason }),
    })),
  };
}
