import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { CONTAINER_NAME } from '../../contract/variables';
import { isWarm } from '../../lambda/scaler/launch/warm';
import type { Fleet, FleetPlace, TaskCounts, TaskLife, Tasks } from '../ports/account';
import { undeployed } from './errors';

const PENDING = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);

/** @param open - a client for another endpoint than the usual one. */
export function createTasks(client: ECSClient, open: (endpoint: string) => ECSClient): Tasks {
  const ecsAt = ({ endpoint }: FleetPlace) => (endpoint ? open(endpoint) : client);
  const list = async (place: FleetPlace, desired: 'RUNNING' | 'STOPPED') => {
    const tasks = await listTasks(ecsAt(place), place, desired).catch((error: unknown) => {
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html#API_ListTasks_Errors
      if (!(error instanceof Error) || error.name !== 'ClusterNotFoundException') throw error;
      throw undeployed(`cluster ${place.cluster}`, error);
    });
    return tasks.filter(({ startedBy }) => startedBy === place.startedBy);
  };
  return {
    fleet: async (place) => fleetOf(await list(place, 'RUNNING')),
    lives: async (place) =>
      [...(await list(place, 'RUNNING')), ...(await list(place, 'STOPPED'))].map(lifeOf),
    // A task that is told to stop is desired STOPPED at once, and listed there for an hour after it
    // has.
    stopping: async (place) =>
      (await list(place, 'STOPPED')).filter(({ lastStatus }) => lastStatus !== 'STOPPED').length,
    stopWarm: async (place) => {
      const warm = (await list(place, 'RUNNING')).filter((task) => isWarm(task, CONTAINER_NAME));
      const { cluster } = place;
      for (const { taskArn: task } of warm)
        await ecsAt(place).send(new StopTaskCommand({ cluster, task, reason: 'spillway pause' }));
      return warm.length;
    },
  };
}

/**
 * ListTasks takes no family next to `startedBy`. A page lists as many tasks as DescribeTasks takes.
 */
async function listTasks(
  client: ECSClient,
  { cluster, family }: FleetPlace,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly Task[]> {
  const found: Task[] = [];
  const query = { cluster, family, desiredStatus };
  for await (const { taskArns: tasks = [] } of paginateListTasks({ client }, query))
    if (tasks.length > 0)
      found.push(
        ...((await client.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? []),
      );
  return found;
}

function lifeOf({ capacityProviderName, stopCode, ...task }: Task): TaskLife {
  const { createdAt, startedAt, stoppedAt } = task;
  return {
    capacityProvider: capacityProviderName === 'FARGATE_SPOT' ? 'FARGATE_SPOT' : 'FARGATE',
    createdAt: createdAt?.getTime() ?? 0,
    ...(startedAt && { startedAt: startedAt.getTime() }),
    ...(stoppedAt && { stoppedAt: stoppedAt.getTime() }),
    isInterrupted: stopCode === 'SpotInterruption',
  };
}

function fleetOf(tasks: readonly Task[]): Fleet {
  const countsOf = (some: readonly Task[]): TaskCounts => ({
    running: some.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pending: some.filter(({ lastStatus }) => PENDING.has(lastStatus ?? '')).length,
  });
  const isSpot = ({ capacityProviderName }: Task) => capacityProviderName === 'FARGATE_SPOT';
  return {
    FARGATE: countsOf(tasks.filter((task) => !isSpot(task))),
    FARGATE_SPOT: countsOf(tasks.filter(isSpot)),
  };
}
