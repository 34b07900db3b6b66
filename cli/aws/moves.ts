import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Move } from '../ports';

/** What an endpoint answers that does not have the call. */
const UNKNOWN_CALL = new Set([
  'InvalidAction',
  'UnknownOperationException',
  'UnknownOperation',
  'NotImplemented',
]);

interface MoveSettings {
  /** ARNs. Letters that were sent have no queue of origin, and so the destination must be said. */
  readonly source: string;
  readonly destination: string;
  /** 1 to 500: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
  readonly perSecond: number;
}

/** The most that SQS lists. */
const MOST_RESULTS = 10;

/** @returns undefined where the endpoint has no such call. */
export async function moveAll(client: SQSClient, settings: MoveSettings): Promise<Move | undefined> {
  const { source: SourceArn, destination: DestinationArn, perSecond } = settings;
  try {
    const { TaskHandle } = await client.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        DestinationArn,
        MaxNumberOfMessagesPerSecond: perSecond,
      }),
    );
    return moveOf(client, SourceArn, TaskHandle);
  } catch (error) {
    if (error instanceof Error && UNKNOWN_CALL.has(error.name)) return undefined;
    throw error;
  }
}

function moveOf(client: SQSClient, SourceArn: string, TaskHandle: string | undefined): Move {
  return {
    async state() {
      const { Results = [] } = await client.send(
        new ListMessageMoveTasksCommand({ SourceArn, MaxResults: MOST_RESULTS }),
      );
      const task = Results.find((one) => one.TaskHandle === TaskHandle) ?? newest(Results);
      const toMove = task?.ApproximateNumberOfMessagesToMove;
      return {
        status: task?.Status ?? 'RUNNING',
        moved: task?.ApproximateNumberOfMessagesMoved ?? 0,
        ...(typeof toMove === 'number' && { toMove }),
        ...(task?.FailureReason && { failure: task.FailureReason }),
      };
    },
    async cancel() {
      await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    },
  };
}

/** SQS tells the handle of a move only while it runs; a queue has one move at a time, and the newest began last. */
function newest(results: readonly ListMessageMoveTasksResultEntry[]) {
  const began = ({ StartedTimestamp = 0 }: ListMessageMoveTasksResultEntry) => StartedTimestamp;
  return [...results].sort((a, b) => began(b) - began(a))[0];
}
