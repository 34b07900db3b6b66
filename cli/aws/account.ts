import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { openPorts } from '../../dataset/aws/open-ports';
import { createImages } from '../../deployer/aws/ecr';
import { createParameters } from '../../deployer/aws/ssm';
import { createTaskDefinitions } from '../../deployer/aws/task-definitions';
import { clientSettings, FUNCTION_MILLISECONDS, TIMEOUTS } from '../../local/aws/clients';
import type { Account, NamedParameters, Place } from '../ports/account';
import { createBuckets } from './buckets';
import { createCheckup } from './checkup';
import { createDatasetTasks } from './dataset-tasks';
import { createDeliveries } from './deliveries';
import { namingEndpoint } from './errors';
import { createJobs } from './jobs';
import { createMetrics } from './metrics';
import { createQueues } from './queues';
import { createScaler } from './scaler';
import { createTasks } from './tasks';

/** An operator waits at a terminal. */
const ANSWER_MILLISECONDS = 10_000;

/** A piece of a shard over a slow line. */
const PIECE_MILLISECONDS = 300_000;

/**
 * AWS in one region, where the SDK finds credentials and endpoints itself; or the emulator of a
 * local run.
 */
export function openAccount({ region, endpoint }: Place): Account {
  const options = {
    ...(endpoint ? clientSettings(endpoint) : { region, maxAttempts: 3 }),
    requestHandler: { ...TIMEOUTS, requestTimeout: ANSWER_MILLISECONDS },
  };
  const isEmulated = (service: string) =>
    Boolean(endpoint || process.env.AWS_ENDPOINT_URL || process.env[`AWS_ENDPOINT_URL_${service}`]);
  const ecs = namingEndpoint(new ECSClient(options));
  const logs = namingEndpoint(new CloudWatchLogsClient(options));
  const s3 = (requestTimeout = ANSWER_MILLISECONDS) =>
    namingEndpoint(
      new S3Client({
        ...options,
        forcePathStyle: isEmulated('S3'),
        requestHandler: { ...TIMEOUTS, requestTimeout },
      }),
    );
  // A run may take its whole time limit of a minute.
  const runHandler = { ...TIMEOUTS, requestTimeout: FUNCTION_MILLISECONDS };
  return {
    taskDefinitions: createTaskDefinitions(ecs),
    parameters: createNamedParameters(namingEndpoint(new SSMClient(options))),
    images: createImages(namingEndpoint(new ECRClient(options))),
    tasks: createTasks(ecs, (other) =>
      namingEndpoint(new ECSClient({ ...options, endpoint: other })),
    ),
    buckets: createBuckets(s3()),
    datasetTasks: createDatasetTasks(ecs, logs),
    openDataset: (buckets, progress) => openPorts(s3(PIECE_MILLISECONDS), buckets, progress),
    checkup: createCheckup(options),
    deliveries: createDeliveries(options),
    jobs: createJobs(logs),
    metrics: createMetrics(namingEndpoint(new CloudWatchClient(options))),
    // Otherwise it would follow the host in a queue's URL.
    queues: createQueues(
      namingEndpoint(
        new SQSClient({ ...options, ...(isEmulated('SQS') && { useQueueUrlAsEndpoint: false }) }),
      ),
    ),
    scaler: createScaler(
      namingEndpoint(new LambdaClient({ ...options, requestHandler: runHandler })),
      logs,
    ),
  };
}

export function createNamedParameters(client: SSMClient): NamedParameters {
  return {
    ...createParameters(client),
    async below(Path) {
      const found = new Map<string, string>();
      const query = { Path, Recursive: true };
      for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, query))
        for (const { Name = '', Value = '' } of Parameters) found.set(Name, Value);
      return found;
    },
  };
}
