import {
  CancelMessageMoveTaskCommand,
  type ListMessageMoveTasksResultEntry as Entry,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Move, MoveState } from '../ports/queues';

/** Errors of an endpoint that does not have the call. */
const UNKNOWN_CALL = new Set([
  'InvalidAction',
  'UnknownOperationException',
  'UnknownOperation',
  'NotImplemented',
]);

interface MoveSettings {
  /** ARNs. Letters that were sent have no queue of origin, so the destination is required. */
  readonly source: string;
  readonly destination: string;
  /**
   * 1 to 500:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
   */
  readonly perSecond: number;
}

/** The most that SQS lists. */
const MOST_RESULTS = 10;

/** @returns undefined where the endpoint has no such call. */
export async function moveAll(
  client: SQSClient,
  settings: MoveSettings,
): Promise<Move | undefined> {
  const { source: SourceArn, destination: DestinationArn, perSecond } = settings;
  try {
    const before = Math.max(0, ...(await list(client, SourceArn)).map(began));
    const { TaskHandle } = await client.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        DestinationArn,
        MaxNumberOfMessagesPerSecond: perSecond,
      }),
    );
    return moveOf(client, { SourceArn, TaskHandle, before });
  } catch (error) {
    if (error instanceof Error && UNKNOWN_CALL.has(error.name)) return undefined;
    throw error;
  }
}

interface MoveIdentity {
  readonly SourceArn: string;
  readonly TaskHandle: string | undefined;
  /** When the move before this one began, by the clock of SQS. */
  readonly before: number;
}

function moveOf(client: SQSClient, { SourceArn, TaskHandle, before }: MoveIdentity): Move {
  let last: MoveState = { status: 'RUNNING', moved: 0 };
  return {
    async state() {
      const moves = await list(client, SourceArn);
      // SQS returns the handle of a move only while it runs. A queue has one move at a time.
      const ours =
        moves.find((one) => one.TaskHandle === TaskHandle) ??
        moves.find((one) => began(one) > before);
      if (ours) last = stateOf(ours);
      return last;
    },
    async cancel() {
      const { ApproximateNumberOfMessagesMoved: moved } = await client.send(
        new CancelMessageMoveTaskCommand({ TaskHandle }),
      );
      last = { ...last, status: 'CANCELLED', moved: moved ?? last.moved };
    },
  };
}

async function list(client: SQSClient, SourceArn: string): Promise<readonly Entry[]> {
  const command = new ListMessageMoveTasksCommand({ SourceArn, MaxResults: MOST_RESULTS });
  return (await client.send(command)).Results ?? [];
}

const began = ({ StartedTimestamp = 0 }: Entry) => StartedTimestamp;

function stateOf({
  Status = 'RUNNING',
  ApproximateNumberOfMessagesMoved: moved = 0,
  ApproximateNumberOfMessagesToMove: toMove,
  FailureReason,
}: Entry): MoveState {
  return {
    status: Status,
    moved,
    ...(typeof toMove === 'number' && { toMove }),
    ...(FailureReason && { failure: FailureReason }),
  };
}
