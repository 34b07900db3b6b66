import { readMessage } from '../../application-code/worker/src/job/messages';
import { readDeadLetter, UNATTRIBUTED } from '../../local/files/dead-letter';
import type { QueueMessage } from '../ports/queues';

/** A dead letter as operators see it. */
export interface Letter {
  readonly messageId: string;
  /** One of the worker's fault codes, or `Unattributed` for what SQS itself moved. */
  readonly code: string;
  readonly message: string;
  /** Keys of the source objects that it is about; none where they are unknown. */
  readonly keys: readonly string[];
  readonly receiveCount?: number;
  /** When it was given up, else when it was sent; milliseconds since the epoch. */
  readonly at: number;
  readonly body: string;
}

/** Here every event is from another bucket; its key is read all the same. */
const NOWHERE = { sourceBucket: '', sourcePrefix: '' };

export function letterOf({ messageId, body, attributes, sentAt }: QueueMessage): Letter {
  const texts = Object.entries(attributes).flatMap(([name, { text }]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  const { key, code, message, receiveCount, failedAt } = readDeadLetter({
    messageId,
    body,
    attributes: Object.fromEntries(texts),
  });
  const at = Date.parse(failedAt ?? '');
  return {
    messageId,
    code,
    message: code === UNATTRIBUTED || attributes.FaultMessage ? message : 'no reason was given',
    keys: [...new Set([...(key === undefined ? [] : [key]), ...keysOf(body)])],
    ...(receiveCount !== undefined && { receiveCount }),
    at: Number.isNaN(at) ? sentAt : at,
    body,
  };
}

function keysOf(body: string): readonly string[] {
  return readMessage(body, NOWHERE).flatMap((entry) =>
    entry.key === undefined ? [] : [entry.key],
  );
}

export function letterAsJson({ at, keys, receiveCount, ...letter }: Letter) {
  return { ...letter, keys, receiveCount: receiveCount ?? null, at: new Date(at).toISOString() };
}
