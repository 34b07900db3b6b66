import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import type { EcsProxy } from '../../local/ecs/ecs-proxy';
import {
  createTaskRunner,
  type LocalTaskRunner,
  type TaskRunnerOptions,
} from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { invokeScaler } from '../../local/run/scaler-calls';
import type { AwsClients } from './clients';
import { messagesIn } from './outcome';

/** How a task's image becomes a program; default: the worker's bundle of this checkout, for all. */
export type Images = Pick<TaskRunnerOptions, 'programOf' | 'writeLog'>;

/** The tasks of a pipeline, and its schedule in the hands of a test. */
export interface Fleet {
  readonly runner: LocalTaskRunner;
  /** Every job line so far, of all tasks. */
  readonly jobs: readonly JobLine[];
  /**
   * Runs the scaler as if a minute had passed since the last time, but at most half an hour ahead
   * of the clock: an hour later warm tasks would be too old.
   */
  scale(): Promise<unknown>;
  /**
   * Scales until each of these source keys has had a job, no message is left and every task has
   * stopped, except warm ones. S3 answers before it has delivered the event of an object.
   * @throws Error which says what is left, after more than three minutes.
   */
  quiet(keys?: readonly string[], warmTasks?: number): Promise<void>;
}

const MINUTE = 60_000;
const MOST_AHEAD = 30 * MINUTE;
const PAUSE_MILLISECONDS = 1_000;
/** Below the time-outs of the tests, which could not say what was left. */
const MOST_MILLISECONDS = 200_000;

export async function startFleet(
  pipeline: Pipeline,
  { fleet }: EcsProxy,
  clients: Pick<AwsClients, 'sqs'>,
  images: Images = {},
): Promise<Fleet> {
  const jobs: JobLine[] = [];
  const events = { onJob: (line: JobLine) => void jobs.push(line) };
  const runner = createTaskRunner({ pipeline, fleet, ...images, events });
  await runner.start();
  let now = Date.now();
  const scale = () => {
    now = Math.min(now + MINUTE, Date.now() + MOST_AHEAD);
    // A minute may have several runs then.
    return invokeScaler(pipeline, new Date(now), randomUUID());
  };
  const live = () => runner.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
  const left = async (keys: readonly string[], warmTasks: number) => ({
    keys: keys.filter((key) => !jobs.some((job) => job.key === key)),
    tasks: Math.max(0, live() - warmTasks),
    messages: await messagesIn(clients, pipeline.queueUrl),
  });
  const quiet = async (keys: readonly string[] = [], warmTasks = 0) => {
    const until = Date.now() + MOST_MILLISECONDS;
    for (;;) {
      const work = await left(keys, warmTasks);
      if (work.keys.length + work.tasks + work.messages === 0) return;
      const said = await scale();
      if (Date.now() > until) throw new Error(`The fleet is not quiet: ${inspect({ work, said })}`);
      await delay(PAUSE_MILLISECONDS);
    }
  };
  return { runner, jobs, scale, quiet };
}

/** Leads a deployed function to proxies by variables. Its code does not change. */
export async function leadScaler(
  { lambda }: AwsClients,
  { scalerFunctionName: FunctionName, queueUrl }: Pipeline,
  endpoints: { readonly endpoint: string; readonly ecsEndpoint: string },
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { endpoint, ecsEndpoint } = endpoints;
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
  const Variables = {
    ...Environment?.Variables,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SSM: endpoint,
    AWS_ENDPOINT_URL_ECS: ecsEndpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: ecsEndpoint,
    QUEUE_URL: `${endpoint}${new URL(queueUrl).pathname}`,
    ...more,
  };
  await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
}

/**
 * The source of a worker's program behind a proxy. The SDK follows a queue's URL, too; a child that
 * runs a job has none.
 */
export function programBehind(endpoint: string, program: string): string {
  return `
    process.env.AWS_ENDPOINT_URL = '${endpoint}';
    for (const name of ['QUEUE_URL', 'DEAD_LETTER_QUEUE_URL']) {
      const url = process.env[name];
      if (url) process.env[name] = '${endpoint}' + new URL(url).pathname;
    }
    require('${program}');
  `;
}
