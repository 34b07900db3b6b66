import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsSettings } from '../environment';
import { createCanaryTasks, createTaskLogs } from './canary-tasks';
import { createImages } from './ecr';
import { createObjects } from './s3';
import { createCanaryQueues } from './sqs';
import { createParameters } from './ssm';
import { createTaskDefinitions } from './task-definitions';

/**
 * A call that hangs must not block a build for its whole time. A receive of dead letters takes up
 * to a second.
 */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true };
/** Registering and deregistering are throttled at about one a second. */
const MAX_ATTEMPTS = 6;

/** The deployer's ports on AWS. The SDK finds credentials and endpoints itself. */
export function createAwsPorts({ region, hasS3Endpoint, hasSqsEndpoint }: AwsSettings) {
  const options = { region, maxAttempts: MAX_ATTEMPTS, requestHandler: TIMEOUTS };
  const ecs = new ECSClient(options);
  // It would otherwise follow the host in a queue's URL.
  const sqs = new SQSClient({
    ...options,
    ...(hasSqsEndpoint && { useQueueUrlAsEndpoint: false }),
  });
  return {
    taskDefinitions: createTaskDefinitions(ecs),
    tasks: createCanaryTasks(ecs),
    parameters: createParameters(new SSMClient(options)),
    images: createImages(new ECRClient(options)),
    objects: createObjects(new S3Client({ ...options, forcePathStyle: hasS3Endpoint })),
    queues: createCanaryQueues(sqs),
    logs: createTaskLogs(new CloudWatchLogsClient(options)),
  };
}
