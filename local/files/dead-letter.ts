import { FAULTS } from '../../application-code/worker/src/faults';
import { recipeOf } from '../../application-code/workloads';

/** Why a source object has no outputs. */
export interface DeadLetterRecord {
  readonly messageId: string;
  /** Decoded key; absent where the message does not have it. */
  readonly key?: string;
  /** A fault code of the worker, or `Unattributed` for a message that the queue itself moved. */
  readonly code: string;
  readonly message: string;
  readonly receiveCount?: number;
  /** ISO 8601. */
  readonly failedAt?: string;
}

/** A message of the dead-letter queue: its body, and its message attributes by name. */
export interface DeadLetterMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Code of a message that the queue's own redrive policy moved, without the worker. */
export const UNATTRIBUTED = 'Unattributed';

const UNATTRIBUTED_ADVICE = 'Look at the logs of the tasks that received it, then redrive it.';

/** What a user can do about a dead letter: each fault has it beside its code. */
export function adviceFor(code: string, workload: string): string {
  const ofQueue = { [UNATTRIBUTED]: UNATTRIBUTED_ADVICE };
  const advice = new Map(Object.entries({ ...recipeOf(workload).faults, ...FAULTS, ...ofQueue }));
  return advice.get(code) ?? 'Look at its message.';
}

/** Reads what the worker wrote to the message. Missing or unreadable fields are left out. */
export function readDeadLetter({
  messageId,
  body,
  attributes,
}: DeadLetterMessage): DeadLetterRecord {
  const key = decoded(attributes.SourceKey) ?? keyOfEvent(body);
  const receiveCount = Number(attributes.ReceiveCount);
  return {
    messageId,
    ...(key === undefined ? {} : { key }),
    code: attributes.FaultCode ?? UNATTRIBUTED,
    message:
      attributes.FaultMessage ??
      'moved by the queue after too many receives; its tasks died or could not reach it',
    ...(Number.isSafeInteger(receiveCount) && receiveCount > 0 ? { receiveCount } : {}),
    ...(attributes.FailedAt === undefined ? {} : { failedAt: attributes.FailedAt }),
  };
}

/** Key of an S3 event's only record, where a plus sign is a space. */
function keyOfEvent(body: string): string | undefined {
  try {
    const key: unknown = JSON.parse(body)?.Records?.[0]?.s3?.object?.key;
    return typeof key === 'string' ? decoded(key.replaceAll('+', ' ')) : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
