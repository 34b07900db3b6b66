import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Environment } from '../environment';
import type { HandlerPorts } from '../handler';
import type { Parameters } from '../ports';
import { createJobMetrics } from './job-metrics';
import { createNetwork } from './network';
import { createQueue } from './queue';
import { createFleet, createTasks } from './tasks';
import { createWakeUps } from './wake-ups';

/**
 * A call that hangs must not take the whole run with it; three attempts of this length fit into a
 * minute.
 */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true };

/** The ports on AWS. Region, credentials and `AWS_ENDPOINT_URL` are found by the SDK. */
export function createAwsPorts(environment: Environment): HandlerPorts {
  const options = { maxAttempts: 3, requestHandler: TIMEOUTS };
  const ecs = withoutLog(new ECSClient(options));
  const sqs = withoutLog(new SQSClient(options));
  return {
    parameters: createParameters(withoutLog(new SSMClient(options)), environment.parameterPath),
    queue: createQueue(sqs, environment.queueUrl),
    wakeUps: createWakeUps(sqs, environment.queueUrl),
    network: createNetwork({ ...options, maxAttempts: 2 }, environment.subnets),
    jobMetrics: createJobMetrics({ ...options, maxAttempts: 2 }, environment),
    tasks: createTasks(ecs, environment),
    fleet: createFleet(ecs, environment),
  };
}

/**
 * Without a logger, the SDK still copies all that it sends and receives for one: thousands of
 * fields of 500 tasks.
 */
function withoutLog<Client extends SSMClient | SQSClient | ECSClient>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

/** The parameters right below a path, from SSM Parameter Store, ten to a page. */
export function createParameters(client: SSMClient, path: string): Parameters {
  return {
    async read() {
      const values = new Map<string, string>();
      let NextToken: string | undefined;
      do {
        const page = await client.send(new GetParametersByPathCommand({ Path: path, NextToken }));
        for (const { Name, Value } of page.Parameters ?? []) {
          if (Name?.startsWith(path) && Value !== undefined)
            values.set(Name.slice(path.length), Value);
        }
        NextToken = page.NextToken;
      } while (NextToken);
      return values;
    },
  };
}
