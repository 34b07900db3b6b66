import type { ServerResponse } from 'node:http';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { FakeAws } from '../../../../test/fakes/aws-server';
import { AWS_CLIENTS } from '../settings';
import type { AwsCalls } from './calls';
import { awsCalls } from './client';
import { MAX_ATTEMPTS } from './settings';

const name = { bucket: 'photos', key: 'a.jpg' };
const never = new AbortController().signal;
const queue = { QueueUrl: 'http://queue.invalid/123456789012/work' };

let aws: FakeAws;
let calls: AwsCalls;

beforeEach(async () => {
  aws = await FakeAws.start();
  // The jitter is full: the least that is waited is nothing.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await aws.stop();
});

const isThere = (response: ServerResponse) => {
  response.writeHead(200, { etag: '"v1"', 'content-length': 0 });
  response.end();
};
/** Answers so often with failures, and then as it should be. */
function fails(
  times: number,
  failure: typeof aws.answer,
  success: typeof aws.answer = isThere,
): void {
  let left = times;
  aws.answer = (response, request) => {
    left -= 1;
    (left >= 0 ? failure : success)(response, request);
  };
}
const answerOf = (status: number, body: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(body);
};
const xml = (code: string) =>
  `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>No.</Message></Error>`;

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    calls = await awsCalls(aws.settings, client);
  });

  describe('a call of S3', () => {
    test.each([
      ['InternalError', answerOf(500, xml('InternalError'))],
      ['SlowDown', answerOf(503, xml('SlowDown'))],
      ['RequestTimeout', answerOf(400, xml('RequestTimeout'))],
      ['a gateway that speaks HTML', answerOf(502, '<html><body>Bad <b>gateway</body></html>')],
      ['a gateway that says nothing', answerOf(504, '')],
      ['a connection that breaks', (response: ServerResponse) => response.destroy()],
    ])('is tried again after %s, and succeeds in the end', async (_, failure) => {
      fails(MAX_ATTEMPTS - 1, failure);
      const opened = await calls.s3.getObject(name, never);
      expect(opened).toMatchObject({ eTag: '"v1"', bytes: 0 });
      opened.body.resume();
      fails(MAX_ATTEMPTS - 1, failure);
      const rendition = {
        ...name,
        body: Buffer.from('small'),
        contentType: 'image/webp',
        metadata: {},
      };
      await calls.s3.putObject(rendition, never);
      expect(aws.received.at(-1)?.body).toBe('small');
      expect(aws.received).toHaveLength(2 * MAX_ATTEMPTS);
    });

    test.each([
      ['InternalError', answerOf(500, xml('InternalError')), MAX_ATTEMPTS],
      ['SlowDown', answerOf(503, xml('SlowDown')), MAX_ATTEMPTS],
      ['AccessDenied', answerOf(403, xml('AccessDenied')), 1],
      ['InvalidObjectState', answerOf(403, xml('InvalidObjectState')), 1],
      ['NoSuchKey', answerOf(404, xml('NoSuchKey')), 1],
      ['NoSuchBucket', answerOf(404, xml('NoSuchBucket')), 1],
      ['ExpiredToken', answerOf(400, xml('ExpiredToken')), 1],
      ['TimeoutError', (response: ServerResponse) => response.destroy(), MAX_ATTEMPTS],
    ])('fails with the name %s when it is refused', async (code, failure, attempts) => {
      aws.answer = failure;
      const error: unknown = await calls.s3
        .getObject(name, never)
        .catch((reason: unknown) => reason);
      expect(String(error)).toContain(code);
      expect(aws.received).toHaveLength(attempts);
    });

    test('is tried again when no answer comes, and fails when none ever does', async () => {
      const { s3 } = await awsCalls({ ...aws.settings, silenceMilliseconds: 200 }, client);
      fails(1, () => undefined);
      expect(await s3.headObject(name, never)).toEqual({ eTag: '"v1"', bytes: 0 });
      aws.answer = () => undefined;
      const before = aws.received.length;
      await expect(s3.headObject(name, never)).rejects.toThrow('200 ms of inactivity');
      expect(aws.received).toHaveLength(before + MAX_ATTEMPTS);
    });

    test.each([
      [404, 'NotFound'],
      [403, 'Unknown'],
    ])('fails when a HEAD, whose answer has no body, is told %i', async (status, code) => {
      aws.answer = answerOf(status, '');
      const refusal = { name: code, $metadata: { httpStatusCode: status } };
      await expect(calls.s3.headObject(name, never)).rejects.toMatchObject(refusal);
    });

    test('fails after fewer attempts when many calls fail, to make no outage worse', async () => {
      aws.answer = answerOf(500, xml('InternalError'));
      for (let call = 0; call < 20; call += 1)
        await calls.s3.headObject(name, never).catch(() => undefined);
      expect(aws.received.length).toBeLessThan(20 * MAX_ATTEMPTS);
    });

    test('fails at once when it is cancelled while it waits for another attempt', async () => {
      jest.spyOn(Math, 'random').mockReturnValue(1);
      const job = new AbortController();
      aws.answer = (response) => {
        answerOf(503, xml('SlowDown'))(response);
        setImmediate(() => job.abort(new Error('cancelled')));
      };
      await expect(calls.s3.getObject(name, job.signal)).rejects.toThrow();
      expect(aws.received).toHaveLength(1);
    });

    test('uses a connection again, and another one where the server has closed it', async () => {
      aws.answer = isThere;
      for (let call = 0; call < 3; call += 1) await calls.s3.headObject(name, never);
      expect(aws.connections).toBe(1);
      aws.closeIdle();
      await calls.s3.headObject(name, never);
      expect(aws.connections).toBe(2);
    });
  });

  describe('a call of SQS', () => {
    const json =
      (status: number, body: unknown, headers = {}) =>
      (response: ServerResponse) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      };
    const cut = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"Messages":[', () => response.destroy());
    };

    test.each([
      ['a throttle', json(400, { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'Slow.' })],
      ['an error of the service', json(500, { __type: 'com.amazonaws.sqs#InternalError' })],
      ['a service that is away', json(503, '<html>')],
      ['a connection that breaks', (response: ServerResponse) => response.destroy()],
      ['an answer that is cut short', cut],
    ])('is tried again after %s, and succeeds in the end', async (_, failure) => {
      fails(MAX_ATTEMPTS - 1, failure, json(200, {}));
      expect((await calls.sqs.receiveMessage(queue, never)).Messages ?? []).toEqual([]);
      expect(aws.received).toHaveLength(MAX_ATTEMPTS);
    });

    test('is a long poll for the strategy, which may wait when the budget is used up', async () => {
      const acquire = jest.spyOn(StandardRetryStrategy.prototype, 'acquireInitialRetryToken');
      aws.returns({});
      await calls.sqs.receiveMessage(queue, never);
      expect(acquire).toHaveBeenCalledWith(expect.stringContaining(':longpoll'));
    });

    test.each([
      ['AccessDeniedException', { __type: 'com.amazon.coral.service#AccessDeniedException' }, {}],
      ['QueueDoesNotExist', { __type: 'com.amazonaws.sqs#QueueDoesNotExist' }, {}],
      [
        'QueueDoesNotExist',
        { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
        { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
      ],
    ])('fails with the name %s when it is refused', async (code, body, headers) => {
      aws.answer = json(400, body, headers);
      const refusal = { name: code, $metadata: { httpStatusCode: 400 } };
      await expect(calls.sqs.receiveMessage(queue, never)).rejects.toMatchObject(refusal);
      expect(aws.received).toHaveLength(1);
    });
  });
});
