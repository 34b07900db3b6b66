import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LocalTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { invokeScaler } from '../../local/provision/invoke-scaler';

/** A schedule in the hands of a test. */
export interface Minutes {
  /** Runs the scaler as if a minute had passed since the last time. */
  scale(): Promise<unknown>;
  /**
   * Waits until nothing is visible, in flight or delayed and every task has stopped; scales
   * meanwhile.
   */
  quiet(): Promise<void>;
}

const MINUTE = 60_000;
const PAUSE = 1_000;
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export function minutesOf(pipeline: Pipeline, runner: LocalTaskRunner, sqs: SQSClient): Minutes {
  let now = Date.now();
  const scale = () => {
    now += MINUTE;
    return invokeScaler(pipeline, new Date(now));
  };
  const isQuiet = async () =>
    runner.tasks().every((task) => task.lastStatus === 'STOPPED') &&
    (await messagesIn(sqs, pipeline.queueUrl)) === 0;
  const quiet = async () => {
    while (!(await isQuiet())) {
      await scale();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  };
  return { scale, quiet };
}

/** Approximate counts of one queue: visible, not visible and delayed messages together. */
async function messagesIn(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.map((name) => Number(Attributes[name])).reduce((sum, count) => sum + count, 0);
}
