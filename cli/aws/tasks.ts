import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Fleet, FleetPlace, TaskCounts, Tasks } from '../ports/account';
import { undeployed } from './errors';

const PENDING = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);

/** @param open - a client for another endpoint than the usual one. */
export function createTasks(client: ECSClient, open: (endpoint: string) => ECSClient): Tasks {
  const list = async (place: FleetPlace, desired: 'RUNNING' | 'STOPPED') => {
    const ecs = place.endpoint ? open(place.endpoint) : client;
    const tasks = await listTasks(ecs, place, desired).catch((error: unknown) => {
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html#API_ListTasks_Errors
      if (!(error instanceof Error) || error.name !== 'ClusterNotFoundException') throw error;
      throw undeployed(`cluster ${place.cluster}`, error);
    });
    return tasks.filter(({ startedBy }) => startedBy === place.startedBy);
  };
  return {
    fleet: async (place) => fleetOf(await list(place, 'RUNNING')),
    // A task that is told to stop is desired STOPPED at once, and listed there for an hour after it
    // has.
    stopping: async (place) =>
      (await list(place, 'STOPPED')).filter(({ lastStatus }) => lastStatus !== 'STOPPED').length,
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
