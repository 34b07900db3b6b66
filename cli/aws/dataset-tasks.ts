import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { CONTAINER_NAME } from '../../contract/variables';
import { createCanaryTasks, createTaskLogs } from '../../deployer/aws/canary-tasks';
import { runOneTask } from '../../deployer/aws/one-task';
import type { DatasetTasks } from '../ports/dataset-tasks';

/** By it an operator finds these tasks, and the scaler does not count them. */
const STARTED_BY = 'spillway-dataset';
/** Progress is a line every five seconds. */
const TAIL_LINES = 50;

export function createDatasetTasks(ecs: ECSClient, logs: CloudWatchLogsClient): DatasetTasks {
  const { tail } = createTaskLogs(logs);
  return {
    launch: ({ taskRoleArn, command, ...place }) =>
      runOneTask(ecs, place, {
        startedBy: STARTED_BY,
        overrides: {
          taskRoleArn,
          containerOverrides: [{ name: CONTAINER_NAME, command: [...command] }],
        },
      }),
    look: createCanaryTasks(ecs).look,
    tail: (group, taskArn) => tail(group, logStreamOf(taskArn), TAIL_LINES),
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function logStreamOf(taskArn: string): string {
  return `worker/${CONTAINER_NAME}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}
