import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTasksCommand,
  type ECSClient,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { CANARY_STARTED_BY, CANARY_TAG } from '../../contract/delivery';
import { CONTAINER_NAME } from '../../contract/variables';
import type { CanaryLaunch, CanaryTask, CanaryTasks, LaunchResult, TaskLogs } from '../ports';
import { runOneTask } from './one-task';

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
    return await runOneTask(client, launch, own(launch));
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

function own({ variables, clientToken }: CanaryLaunch) {
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return {
    clientToken,
    startedBy: CANARY_STARTED_BY,
    overrides: { containerOverrides: [{ name: CONTAINER_NAME, environment }] },
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

export function createTaskLogs(client: CloudWatchLogsClient): TaskLogs {
  return {
    async tail(logGroupName, logStreamName, limit) {
      try {
        const { events = [] } = await client.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, limit, startFromHead: false }),
        );
        return events.map(({ message = '' }) => message.trimEnd());
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
  };
}
