import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  paginateListTasks,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { clientSettings } from '../aws/clients';
import type { Variables } from '../environment';
import type { CapacityProvider, Pipeline } from '../ports';

/** A task that ECS wants to run, with everything that its container needs. */
export interface WantedTask {
  readonly taskArn: string;
  readonly capacityProvider: CapacityProvider;
  /** `family:revision` of its task definition. */
  readonly revision: string;
  readonly image: string;
  /** Where its output goes; absent when its container definition names no log. */
  readonly log?: LogStream;
  /** Variables of the container definition and, over them, the overrides of the request. */
  readonly environment: Variables;
  /** Words behind the image's entry point, where the request says any. */
  readonly command?: readonly string[];
  readonly memoryMiB: string | undefined;
  readonly stopTimeoutSeconds: number;
}

/** A stream of CloudWatch Logs. */
export interface LogStream {
  readonly group: string;
  readonly stream: string;
}

/** What the task runner needs of ECS for the tasks of one family. */
export interface EcsTasks {
  /** ARNs of the tasks that shall run. A task that disappears from them shall stop. */
  wanted(): Promise<readonly string[]>;
  describe(taskArns: readonly string[]): Promise<readonly WantedTask[]>;
  /** The reason that the caller of StopTask gave. */
  stopReason(taskArn: string): Promise<string | undefined>;
  reportStopped(taskArn: string, reason: string): Promise<void>;
  close(): void;
}

/**
 * ECS's own default:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** The tasks of a pipeline in the emulator's ECS. */
export function createEcsTasks({ endpoint, cluster, taskFamily }: Pipeline): EcsTasks {
  const ecs = new ECSClient(clientSettings(endpoint));
  const definitionOf = definitionReader(ecs);
  return {
    wanted: () => listTasks(ecs, cluster, taskFamily),
    async describe(taskArns) {
      const tasks = await describe(ecs, cluster, taskArns);
      return Promise.all(
        tasks.map(async (task) =>
          wantedTask(task, await definitionOf(task.taskDefinitionArn ?? '')),
        ),
      );
    },
    async stopReason(taskArn) {
      const [task] = await describe(ecs, cluster, [taskArn]);
      return task?.stoppedReason;
    },
    async reportStopped(task, reason) {
      await ecs.send(new StopTaskCommand({ cluster, task, reason }));
    },
    close: () => ecs.destroy(),
  };
}

async function listTasks(ecs: ECSClient, cluster: string, family: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListTasks({ client: ecs }, { cluster, family }))
    arns.push(...(page.taskArns ?? []));
  return arns;
}

interface Definition {
  readonly container: ContainerDefinition | undefined;
  readonly memory: string | undefined;
}

/** Reads each task definition once, since a revision never changes. */
function definitionReader(ecs: ECSClient): (arn: string) => Promise<Definition> {
  const definitions = new Map<string, Promise<Definition>>();
  return (arn) => {
    const definition = definitions.get(arn) ?? readDefinition(ecs, arn);
    definitions.set(arn, definition);
    definition.catch(() => definitions.delete(arn));
    return definition;
  };
}

async function readDefinition(ecs: ECSClient, taskDefinition: string): Promise<Definition> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const { containerDefinitions, memory } = answer.taskDefinition ?? {};
  return { container: containerDefinitions?.[0], memory };
}

/** DescribeTasks takes at most 100 at a time. */
async function describe(
  ecs: ECSClient,
  cluster: string,
  taskArns: readonly string[],
): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let from = 0; from < taskArns.length; from += 100) {
    const batch = taskArns.slice(from, from + 100);
    const page = await ecs.send(new DescribeTasksCommand({ cluster, tasks: batch }));
    tasks.push(...(page.tasks ?? []));
  }
  return tasks;
}

function wantedTask(task: Task, { container, memory }: Definition): WantedTask {
  const override = task.overrides?.containerOverrides?.find(({ name }) => name === container?.name);
  const variables = [...(container?.environment ?? []), ...(override?.environment ?? [])];
  const log = logStream(task, container);
  return {
    taskArn: task.taskArn ?? '',
    revision: lastPart(task.taskDefinitionArn),
    image: container?.image ?? '',
    ...(log && { log }),
    ...(override?.command && { command: override.command }),
    capacityProvider: task.capacityProviderName === 'FARGATE_SPOT' ? 'FARGATE_SPOT' : 'FARGATE',
    environment: Object.fromEntries(variables.map(({ name = '', value = '' }) => [name, value])),
    memoryMiB: task.memory ?? memory,
    stopTimeoutSeconds: container?.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
  };
}

/**
 * As the awslogs driver names it:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
function logStream(task: Task, container: ContainerDefinition | undefined): LogStream | undefined {
  const options = container?.logConfiguration?.options ?? {};
  const group = options['awslogs-group'];
  const prefix = options['awslogs-stream-prefix'];
  if (!group || !prefix) return undefined;
  return { group, stream: `${prefix}/${container?.name}/${lastPart(task.taskArn)}` };
}

function lastPart(arn = ''): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
