import type { QueueMessage } from '../ports/queues';
import { letterOf } from './letter';

const message = (
  body: string,
  attributes: Readonly<Record<string, string>> = {},
): QueueMessage => ({
  messageId: 'm1',
  receiptHandle: 'r',
  body,
  sentAt: 5_000,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, text]) => [name, { dataType: 'String', text }]),
  ),
});
const event = (...keys: string[]) =>
  JSON.stringify({
    Records: keys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'source' }, object: { key, size: 1 } },
    })),
  });

describe('letterOf', () => {
  test('tells what the worker wrote', () => {
    const attributes = {
      FaultCode: 'TooManyPixels',
      FaultMessage: 'Too large.',
      SourceKey: 'ecsproc%2F%C3%89t%C3%A9.jpg',
      ReceiveCount: '3',
      FailedAt: '2026-01-01T00:00:00.000Z',
    };
    expect(letterOf(message('x', attributes))).toEqual({
      messageId: 'm1',
      code: 'TooManyPixels',
      message: 'Too large.',
      keys: ['ecsproc/Été.jpg'],
      receiveCount: 3,
      at: Date.UTC(2026, 0, 1),
      body: 'x',
    });
  });

  test('takes the keys of what SQS moved from the event, and the time at which it was sent', () => {
    expect(letterOf(message(event('a+b%2Bc.jpg', 'd.jpg')))).toMatchObject({
      code: 'Unattributed',
      keys: ['a b+c.jpg', 'd.jpg'],
      at: 5_000,
    });
  });

  test.each([
    [
      'an event of EventBridge',
      JSON.stringify({
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: 'b' }, object: { key: 'a b' } },
      }),
      ['a b'],
    ],
    [
      'an event in an SNS envelope',
      JSON.stringify({ Type: 'Notification', Message: event('a') }),
      ['a'],
    ],
    ['no event', 'hello', []],
  ])('reads the keys of %s', (_title, body, keys) => {
    expect(letterOf(message(body)).keys).toEqual(keys);
  });

  test('does not say of a letter with a code that SQS moved it', () => {
    expect(letterOf(message('x', { FaultCode: 'Internal' })).message).toBe('no reason was given');
  });
});
