import fc from 'fast-check';
import {
  eventBridgeEvent,
  s3Event,
  s3Record,
  throughSns,
} from '../../../../test/fakes/worker/events';
import { readMessage } from './messages';

const expected = { sourceBucket: 'photos', sourcePrefix: 'ecsproc/' };
const read = (body: string) => readMessage(body, expected);
const WRITTEN = '2026-11-29T01:02:03.000Z';
const source = (key: string) => expect.objectContaining({ kind: 'source', key });
/** Any key that S3 can hold, with those characters in it that encodings stumble over. */
const anyKey = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('+', '%', '%2B', ' ', '🏔️', 'ü', '/', '&', '"'),
    ),
  )
  .map((parts) => `ecsproc/${parts.join('')}x`);

describe('readMessage', () => {
  test('returns every key from an S3 notification, an EventBridge event, or SNS', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        for (const event of [s3Event(key), eventBridgeEvent(key)]) {
          expect(read(event)).toEqual([source(key)]);
          expect(read(throughSns(event))).toEqual([source(key)]);
        }
      }),
    );
  });

  test('never throws and always finds an entry, whatever the body is', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((Records) => JSON.stringify({ Records })),
    );
    fc.assert(fc.property(body, (text) => read(text).length > 0));
  });

  test('reads a plus sign as a space in a notification, but not from EventBridge', () => {
    const notification = JSON.stringify({
      Records: [
        s3Record('', {
          s3: { bucket: { name: 'photos' }, object: { key: 'ecsproc/a+b%2Bc.jpg' } },
        }),
      ],
    });
    expect(read(notification)).toEqual([source('ecsproc/a b+c.jpg')]);
    expect(read(eventBridgeEvent('ecsproc/a+b%2Bc.jpg'))).toEqual([source('ecsproc/a+b%2Bc.jpg')]);
  });

  test('knows when its object was written, and what the order of writes follows from', () => {
    const s3 = { bucket: { name: 'photos' }, object: { key: 'ecsproc/a', sequencer: '0055AE' } };
    const record = s3Record('ecsproc/a', { eventTime: WRITTEN, s3 });
    const detail = { ...s3, object: { ...s3.object, size: 1 } };
    const known = { kind: 'source', key: 'ecsproc/a', eventTime: WRITTEN, sequencer: '0055AE' };
    expect(read(JSON.stringify({ Records: [record] }))).toEqual([known]);
    expect(read(eventBridgeEvent('', { time: WRITTEN, detail }))).toEqual([known]);
  });

  test('takes an event that says neither time nor order, or says it in no text', () => {
    const known = { kind: 'source', key: 'ecsproc/a' };
    expect(read(eventBridgeEvent('ecsproc/a', { time: 7 }))).toEqual([known]);
  });

  test('reads every record, a key that is named twice once', () => {
    expect(read(s3Event('ecsproc/a', 'ecsproc/b', 'ecsproc/a'))).toEqual([
      source('ecsproc/a'),
      source('ecsproc/b'),
    ]);
  });

  test.each([
    [
      JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'photos' }),
      'S3 test event',
    ],
    [
      JSON.stringify({ Records: [s3Record('ecsproc/a', { eventName: 'ObjectRemoved:Delete' })] }),
      'ObjectRemoved',
    ],
    [JSON.stringify({ Records: [s3Record('ecsproc/holiday/', {}, 'photos', 0)] }), 'folder marker'],
    [eventBridgeEvent('ecsproc/a', { 'detail-type': 'Object Deleted' }), 'Object Deleted'],
  ])('ignores %s', (body, because) => {
    expect(read(body)).toEqual([
      expect.objectContaining({ kind: 'ignored', because: expect.stringContaining(because) }),
    ]);
  });

  test('takes an object whose key ends in a slash when it has bytes', () => {
    expect(read(s3Event('ecsproc/odd/'))).toEqual([source('ecsproc/odd/')]);
  });

  test.each([
    ['hello', 'MalformedMessage', 'no JSON'],
    ['[1]', 'MalformedMessage', 'no object'],
    ['{"Records":[]}', 'MalformedMessage', 'nothing asked for'],
    ['{"Records":[null]}', 'MalformedMessage', 'a record of nothing'],
    ['{"hello":1}', 'MalformedMessage', 'another kind of event'],
    [throughSns('hello'), 'MalformedMessage', 'no JSON inside the envelope'],
    [throughSns(throughSns(s3Event('ecsproc/a'))), 'MalformedMessage', 'wrapped twice'],
    [
      JSON.stringify({ Records: [s3Record('ecsproc/a', { eventVersion: '3.0' })] }),
      'MalformedMessage',
      'unknown version',
    ],
    [
      JSON.stringify({ Records: [s3Record('ecsproc/a', { eventSource: 'aws:dynamodb' })] }),
      'MalformedMessage',
      'source',
    ],
    [
      s3Event('ecsproc/a').replace('ecsproc/a', 'ecsproc/%FF'),
      'MalformedMessage',
      'bytes that are no UTF-8',
    ],
    [eventBridgeEvent('ecsproc/\ud800'), 'MalformedMessage', 'half a surrogate pair'],
    [
      eventBridgeEvent('ecsproc/a', { source: 'aws.ec2' }),
      'MalformedMessage',
      'an event of another service',
    ],
    [s3Event('elsewhere/a'), 'UnexpectedSource', 'another prefix'],
    [
      JSON.stringify({ Records: [s3Record('ecsproc/a', {}, 'other')] }),
      'UnexpectedSource',
      'another bucket',
    ],
    [eventBridgeEvent('ecsproc/a', {}, 'other'), 'UnexpectedSource', 'another bucket'],
  ])('finds a fault in %s: %s (%s)', (body, code) => {
    expect(read(body)).toEqual([
      expect.objectContaining({ kind: 'fault', fault: expect.objectContaining({ code }) }),
    ]);
  });

  test('keeps a sound record beside a faulty one', () => {
    expect(read(s3Event('elsewhere/a', 'ecsproc/b')).map(({ kind }) => kind)).toEqual([
      'fault',
      'source',
    ]);
  });
});
