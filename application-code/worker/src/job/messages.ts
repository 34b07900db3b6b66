import { PermanentFault } from '../faults';

/** Where sources are expected. Any other event is not for this pipeline. */
export interface ExpectedSource {
  readonly sourceBucket: string;
  readonly sourcePrefix: string;
}

/** An object to work on, and what its event says of the write that caused it. */
export interface SourceEntry {
  readonly kind: 'source';
  readonly key: string;
  /** In ISO 8601. */
  readonly eventTime?: string;
  /** Hexadecimal digits that grow with every write of the key. */
  readonly sequencer?: string;
}

/** What one entry of a message asks for. */
export type MessageEntry =
  | SourceEntry
  | { readonly kind: 'ignored'; readonly because: string; readonly key?: string }
  | { readonly kind: 'fault'; readonly fault: PermanentFault; readonly key?: string };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a message body: an S3 event notification (2.x), the S3 test event, an EventBridge "Object
 * Created" event, or one of them wrapped by SNS. Never throws: what cannot be read is an entry with
 * its fault, and a key that is named twice is one entry.
 */
export function readMessage(body: string, expected: ExpectedSource): readonly MessageEntry[] {
  const event = unwrapped(asObject(parse(body)));
  if (event === undefined) return [malformed('Expected a JSON object in the body.')];
  if (event.Event === 's3:TestEvent') return [{ kind: 'ignored', because: 'S3 test event' }];
  if (Array.isArray(event.Records)) return fromRecords(event.Records, expected);
  if (event['detail-type'] !== undefined) return [fromEventBridge(event, expected)];
  return [
    malformed(
      'Expected an S3 event notification or an EventBridge event; neither Records nor ' +
        'detail-type is there.',
    ),
  ];
}

function fromRecords(
  records: readonly unknown[],
  expected: ExpectedSource,
): readonly MessageEntry[] {
  if (records.length === 0)
    return [malformed('Expected at least one record but Records is empty.')];
  const seen = new Set<string>();
  return records
    .map((record) => fromRecord(asObject(record), expected))
    .filter((entry) => {
      if (entry.kind !== 'source') return true;
      const isNew = !seen.has(entry.key);
      seen.add(entry.key);
      return isNew;
    });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function fromRecord(record: Json | undefined, expected: ExpectedSource): MessageEntry {
  const eventName = record?.eventName;
  const version = record?.eventVersion;
  if (record?.eventSource !== 'aws:s3' || typeof eventName !== 'string') {
    return malformed(
      `Expected a record of aws:s3 with an eventName but received ${shown(record?.eventSource)}.`,
    );
  }
  if (typeof version !== 'string' || !version.startsWith('2.')) {
    return malformed(`Expected eventVersion 2.x but received ${shown(version)}.`);
  }
  if (!eventName.startsWith('ObjectCreated:'))
    return { kind: 'ignored', because: `event ${eventName}` };
  const s3 = asObject(record.s3);
  const object = asObject(s3?.object);
  if (typeof object?.key !== 'string') return malformed('Expected s3.object.key in the record.');
  const key = formDecoded(object.key);
  if (key === undefined)
    return malformed(`Expected a URL-encoded key but received ${shown(object.key)}.`);
  const named = { bucket: asObject(s3?.bucket)?.name, key, time: record.eventTime };
  return fromObject({ ...object, ...named }, expected);
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; its keys are not encoded.
 */
function fromEventBridge(event: Json, expected: ExpectedSource): MessageEntry {
  if (event.source !== 'aws.s3')
    return malformed(`Expected source aws.s3 but received ${shown(event.source)}.`);
  if (event['detail-type'] !== 'Object Created') {
    return { kind: 'ignored', because: `event ${shown(event['detail-type'])}` };
  }
  const detail = asObject(event.detail);
  const object = asObject(detail?.object);
  if (typeof object?.key !== 'string') return malformed('Expected detail.object.key in the event.');
  const named = { bucket: asObject(detail?.bucket)?.name, key: object.key, time: event.time };
  return fromObject({ ...object, ...named }, expected);
}

interface NamedObject extends Json {
  readonly key: string;
}

function fromObject(
  { bucket, key, size, time, sequencer }: NamedObject,
  expected: ExpectedSource,
): MessageEntry {
  if (key === '' || /\p{Surrogate}/u.test(key))
    return malformed(`Expected a key in Unicode but received ${shown(key)}.`);
  const { sourceBucket, sourcePrefix } = expected;
  if (bucket !== sourceBucket || !key.startsWith(sourcePrefix)) {
    const message =
      `Expected an object of ${sourceBucket}/${sourcePrefix} but received ${shown(bucket)} ` +
      `${shown(key)}; narrow the event notification to that bucket and prefix.`;
    return { kind: 'fault', fault: new PermanentFault('UnexpectedSource', message), key };
  }
  if (key.endsWith('/') && (size === 0 || size === undefined)) {
    return { kind: 'ignored', because: 'folder marker', key };
  }
  return {
    ...{ kind: 'source', key },
    ...(typeof time === 'string' && { eventTime: time }),
    ...(typeof sequencer === 'string' && { sequencer }),
  };
}

/** SNS puts the event, as text, into `Message`, unless the subscription delivers it raw. */
function unwrapped(event: Json | undefined): Json | undefined {
  const isEnvelope = event?.Type === 'Notification' && typeof event.Message === 'string';
  return isEnvelope ? asObject(parse(event.Message as string)) : event;
}

function formDecoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined;
}

function malformed(message: string): MessageEntry {
  return { kind: 'fault', fault: new PermanentFault('MalformedMessage', message) };
}

/** A foreign value, short enough for a sentence. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
