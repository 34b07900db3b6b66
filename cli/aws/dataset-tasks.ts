import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { CONTAINER_NAME } from '../../contract/variables';
import { createCanaryTasks, createTaskLogs } from '../../deployer/aws/canary-tasks';
import type { LaunchResult } from '../../deployer/ports';
import type { DatasetLaunch, DatasetTasks } from '../ports/dataset-tasks';

/** By it an operator finds these tasks, and the scaler does not count them. */
const STARTED_BY = 'spillway-dataset';
/** Progress is a line every five seconds. */
const TAIL_LINES = 50;

export function createDatasetTasks(ecs: ECSClient, logs: CloudWatchLogsClient): DatasetTasks {
  const { tail } = createTaskLogs(logs);
  return {
    launch: (launch) => runTask(ecs, launch),
    look: createCanaryTasks(ecs).look,
    tail: (group, taskArn) => tail(group, logStreamOf(taskArn), TAIL_LINES),
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function logStreamOf(taskArn: string): string {
  return `worker/${CONTAINER_NAME}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}

async function runTask(client: ECSClient, launch: DatasetLaunch): Promise<LaunchResult> {
  const { tasks = [], failures = [] } = await client.send(new RunTaskCommand(request(launch)));
  const taskArn = tasks[0]?.taskArn;
  if (taskArn) return { kind: 'accepted', taskArn };
  const because = failures.map(({ reason = 'no reason given', detail }) =>
    detail ? `${reason}: ${detail}` : reason,
  );
  return { kind: 'refused', because: because.join('; ') || 'ECS gave no reason', isLasting: false };
}

function request({ taskRoleArn, command, ...launch }: DatasetLaunch) {
  return {
    cluster: launch.cluster,
    taskDefinition: launch.revision,
    count: 1,
    startedBy: STARTED_BY,
    // A Spot interruption would cost what it has read.
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...launch.subnetIds],
        securityGroups: [...launch.securityGroupIds],
        assignPublicIp: launch.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const),
      },
    },
    overrides: {
      taskRoleArn,
      containerOverrides: [{ name: CONTAINER_NAME, command: [...command] }],
    },
    propagateTags: 'TASK_DEFINITION' as const,
    enableECSManagedTags: true,
  };
}
