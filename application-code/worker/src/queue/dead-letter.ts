import { cutToBytes } from '../../../../text/printable';
import type { Fault } from '../faults';
import type { DeadLetter } from './ports';

/** Most bytes of `FaultMessage`. */
export const MAX_FAULT_MESSAGE_BYTES = 1024;

/**
 * Sizes that a queue takes, body and attributes together: the former limit, which many queues still
 * have, and today's.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MESSAGE_LIMITS_BYTES = [262_144, 1_048_576] as const;

/** A job that goes to the dead-letter queue. */
export interface FailedJob {
  readonly body: string;
  readonly fault: Fault;
  /** Absent where the message could not be read. */
  readonly sourceKey?: string | undefined;
  readonly receiveCount: number;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

/**
 * The original body with attributes that say why it failed: `FaultCode`, `FaultMessage` (printable,
 * at most {@link MAX_FAULT_MESSAGE_BYTES}), `SourceKey` (percent-encoded), `ReceiveCount`,
 * `FailedAt` (ISO 8601). An unknown one is left out, and one for which the body leaves no room: a
 * lost reason is better than a lost job.
 */
export function deadLetter({
  body,
  fault,
  sourceKey,
  receiveCount,
  failedAt,
}: FailedJob): DeadLetter {
  const known: readonly (readonly [string, string])[] = [
    ['FaultCode', fault.code],
    ['ReceiveCount', String(receiveCount)],
    ['FailedAt', new Date(failedAt).toISOString()],
    ['SourceKey', sourceKey === undefined ? '' : encodeURIComponent(wellFormed(sourceKey))],
    ['FaultMessage', printable(fault.message, MAX_FAULT_MESSAGE_BYTES)],
  ];
  const bodyBytes = Buffer.byteLength(body);
  let room = (MESSAGE_LIMITS_BYTES.find((limit) => bodyBytes <= limit) ?? 0) - bodyBytes;
  const attributes = known.filter(([name, value]) => {
    const bytes = Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
    if (value === '' || bytes > room) return false;
    room -= bytes;
    return true;
  });
  return { body, attributes: Object.fromEntries(attributes) };
}

/**
 * One line of what SQS takes (#x9 | #xA | #xD | #x20–#xD7FF | #xE000–#xFFFD | #x10000–#x10FFFF),
 * cut between two characters.
 */
export function printable(text: string, maxBytes: number): string {
  const line = wellFormed(text)
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\uFFFE\uFFFF]/g, '')
    .trim();
  return cutToBytes(line, maxBytes).trim();
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
