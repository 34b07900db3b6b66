import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Environment } from '../environment';
import { isWarm } from '../launch/warm';
import type { ActiveTask, CapacityProvider, Fleet, StoppedTask, Tasks } from '../ports';
import { startFaultOf } from './launch-failure';
import { runTask } from './run-task';

export type TaskSettings = Pick<
  Environment,
  'cluster' | 'taskFamily' | 'containerName' | 'startedBy' | 'securityGroups' | 'assignPublicIp'
>;

/** Enough to find one of this scaler's: a canary is the only other task of the family. */
const TASKS_LOOKED_AT = 10;
const PENDING = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);

/** The scaler's tasks, of every revision of their family, from ECS. */
export function createTasks(client: ECSClient, settings: TaskSettings): Tasks {
  return {
    async active() {
      const tasks = await listTasks(client, settings, 'RUNNING');
      return tasks.flatMap((task) => activeTask(task, settings.containerName) ?? []);
    },
    async stopped() {
      const tasks = await listTasks(client, settings, 'STOPPED');
      return tasks.flatMap((task) => stoppedTask(task, settings.containerName) ?? []);
    },
    launch: (batch) => runTask(client, settings, batch),
  };
}

/** Whether this scaler has a task. */
export function createFleet(client: ECSClient, settings: TaskSettings): Fleet {
  const { cluster, taskFamily: family, startedBy } = settings;
  return {
    async isActive() {
      const some = { cluster, family, maxResults: TASKS_LOOKED_AT };
      const { taskArns = [] } = await client.send(new ListTasksCommand(some));
      const tasks = taskArns.length > 0 ? await describe(client, cluster, taskArns) : [];
      return tasks.some((task) => task.startedBy === startedBy && isActive(task));
    },
  };
}

/**
 * Lists by family alone, since ListTasks ignores or refuses a family next to `startedBy`, and keeps
 * those that this scaler started. A page lists 100 tasks, as many as DescribeTasks takes; each is
 * described while the next one is listed.
 */
async function listTasks(
  client: ECSClient,
  settings: TaskSettings,
  desiredStatus: 'RUNNING' | 'STOPPED',
) {
  const { cluster, taskFamily: family, startedBy } = settings;
  const described: Promise<Task[]>[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new ListTasksCommand({ cluster, family, desiredStatus, nextToken }),
    );
    const arns = page.taskArns ?? [];
    if (arns.length > 0) described.push(describe(client, cluster, arns));
    nextToken = page.nextToken;
  } while (nextToken);
  return (await Promise.all(described)).flat().filter((task) => task.startedBy === startedBy);
}

/**
 * A task that ECS has forgotten between the two calls is missing from the answer, and rightly not
 * counted.
 */
async function describe(client: ECSClient, cluster: string, arns: string[]): Promise<Task[]> {
  const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: arns }));
  return tasks;
}

/**
 * Undefined for a task that has begun to stop since it was listed: it takes no more jobs. ECS
 * chooses the subnet at RunTask, and makes the network interface while the task is PROVISIONING:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
function activeTask(task: Task, containerName: string): ActiveTask | undefined {
  if (!isActive(task)) return undefined;
  const subnet = task.lastStatus === 'PROVISIONING' ? subnetOf(task) : undefined;
  return {
    ...origin(task),
    state: task.lastStatus === 'RUNNING' ? 'running' : 'pending',
    ...(subnet && { awaitsAddressIn: subnet }),
    ...(isWarm(task, containerName) && { isWarm: true }),
  };
}

const isActive = ({ lastStatus = '' }: Task) => lastStatus === 'RUNNING' || PENDING.has(lastStatus);

/** Undefined for a task that is still stopping. */
function stoppedTask(task: Task, containerName: string): StoppedTask | undefined {
  if (task.lastStatus !== 'STOPPED') return undefined;
  const exitCode = task.containers?.find((container) => container.name === containerName)?.exitCode;
  const stopCode = task.stopCode ?? '';
  const startFault = stopCode === 'TaskFailedToStart' ? startFaultOf(reasonsOf(task)) : undefined;
  const subnet = subnetOf(task);
  return {
    ...origin(task),
    stoppedAt: (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0,
    stopCode,
    ...(startFault && { startFault }),
    ...(subnet && { subnet }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

/**
 * "Task failed to start" leaves the cause to the containers:
 * https://github.com/aws/amazon-ecs-agent/issues/1654
 */
function reasonsOf({ stoppedReason = '', containers = [] }: Task): string {
  return [stoppedReason, ...containers.flatMap(({ reason }) => reason ?? [])].join('; ');
}

/**
 * ECS names the subnet with the network interface, and in the sentence about one that it could not
 * make.
 */
function subnetOf({ attachments = [], stoppedReason = '' }: Task): string | undefined {
  const details = attachments.flatMap(({ details = [] }) => details);
  const attached = details.find(({ name }) => name === 'subnetId')?.value;
  return attached ?? /\bsubnet-[0-9a-z]+/.exec(stoppedReason)?.[0];
}

function origin(task: Task) {
  const arn = task.taskDefinitionArn ?? '';
  return {
    taskDefinition: arn.slice(arn.lastIndexOf('/') + 1),
    capacityProvider: (task.capacityProviderName === 'FARGATE_SPOT'
      ? 'FARGATE_SPOT'
      : 'FARGATE') satisfies CapacityProvider as CapacityProvider,
    createdAt: task.createdAt?.getTime() ?? 0,
    ...(task.startedAt ? { startedAt: task.startedAt.getTime() } : {}),
  };
}
