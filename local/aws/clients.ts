import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../environment';

/** One client per service, all bound to one loopback endpoint. */
export type Clients = ReturnType<typeof createClients>;

/**
 * Clients for an emulator. `destroy` closes their connections, which would keep a process alive for
 * a while.
 */
export function createClients(endpoint: string) {
  const settings = clientSettings(endpoint);
  const clients = {
    ecs: new ECSClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient({
      ...settings,
      requestHandler: { ...TIMEOUTS, requestTimeout: FUNCTION_MILLISECONDS },
    }),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    scheduler: new SchedulerClient(settings),
    // Otherwise it sends requests to the host in a queue's URL.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    ssm: new SSMClient(settings),
  };
  return {
    ...clients,
    endpoint,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** An emulator that hangs must not make its user wait without end. */
export const TIMEOUTS = { connectionTimeout: 3_000, throwOnRequestTimeout: true } as const;
/** Far longer than an emulator needs, even on a busy machine. */
export const ANSWER_MILLISECONDS = 20_000;
/** A call of a Lambda function waits for its end. */
export const FUNCTION_MILLISECONDS = 70_000;

/**
 * Sets everything that the SDK would read from the user's environment or `~/.aws`. An inherited
 * profile, endpoint or FIPS setting must not lead a local run to AWS.
 */
export function clientSettings(endpoint: string) {
  // The SDK prints advice about Node versions, which would damage the live view.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return {
    endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    retryMode: 'standard',
    maxAttempts: 3,
    requestHandler: { ...TIMEOUTS, requestTimeout: ANSWER_MILLISECONDS },
  };
}
