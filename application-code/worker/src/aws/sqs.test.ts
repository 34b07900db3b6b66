import { createHash } from 'node:crypto';
import { FakeAws } from '../../../../test/fakes/aws-server';
import { AWS_CLIENTS } from '../settings';
import { awsCalls } from './client';
import { SqsDeadLetterQueue, SqsWorkQueue } from './sqs';

const queueUrl = 'http://queue.invalid/123456789012/work';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

let aws: FakeAws;
let queue: SqsWorkQueue;
let deadLetters: SqsDeadLetterQueue;

afterEach(() => aws.stop());

const sent = () =>
  aws.received.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)]);

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    aws = await FakeAws.start();
    const { sqs } = await awsCalls(aws.settings, client);
    queue = new SqsWorkQueue(sqs, queueUrl, 120);
    deadLetters = new SqsDeadLetterQueue(sqs, queueUrl);
  });

  describe('SqsWorkQueue', () => {
    test('receives with the counts and visibility timeout that the worker needs', async () => {
      const Attributes = { ApproximateReceiveCount: '3', SentTimestamp: '1700000000000' };
      aws.returns({
        Messages: [
          { MessageId: 'm', ReceiptHandle: 'r', Body: 'b', MD5OfBody: md5('b'), Attributes },
        ],
      });
      expect(await queue.receive(7, 5, new AbortController().signal)).toEqual([
        {
          messageId: 'm',
          receiptHandle: 'r',
          body: 'b',
          receiveCount: 3,
          sentAt: 1_700_000_000_000,
          interruptions: 0,
        },
      ]);
      expect(sent()).toEqual([
        [
          'AmazonSQS.ReceiveMessage',
          {
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 7,
            WaitTimeSeconds: 5,
            VisibilityTimeout: 120,
            MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
            MessageAttributeNames: ['FirstSentAt', 'Interruptions'],
          },
        ],
      ]);
    });

    test('receives nothing from an empty queue', async () => {
      aws.returns({});
      expect(await queue.receive(10, 0, new AbortController().signal)).toEqual([]);
    });

    test('fails when the poll is broken off', async () => {
      const polls = new AbortController();
      aws.answer = () => polls.abort();
      await expect(queue.receive(10, 10, polls.signal)).rejects.toThrow();
    });

    test('returns which of a batch were not acknowledged, and if repeating can help', async () => {
      aws.returns({
        Successful: [{ Id: '1' }],
        Failed: [
          { Id: '0', Code: 'InternalError', SenderFault: false },
          { Id: '2', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
          { Id: '3', Code: 'RequestThrottled', SenderFault: true },
        ],
      });
      expect(await queue.acknowledge(['a', 'b', 'c', 'd'])).toEqual([
        { receiptHandle: 'a', code: 'InternalError', senderFault: false },
        { receiptHandle: 'c', code: 'ReceiptHandleIsInvalid', senderFault: true },
        { receiptHandle: 'd', code: 'RequestThrottled', senderFault: false },
      ]);
      expect(sent()[0]).toMatchObject(['AmazonSQS.DeleteMessageBatch', { Entries: { length: 4 } }]);
    });

    test('changes the visibility of each message to its own seconds', async () => {
      aws.returns({
        Successful: [],
        Failed: [{ Id: '1', Code: 'MessageNotInflight', SenderFault: true }],
      });
      const changes = [
        { receiptHandle: 'a', visibilityTimeoutSeconds: 0 },
        { receiptHandle: 'b', visibilityTimeoutSeconds: 120 },
      ];
      expect(await queue.changeVisibility(changes)).toEqual([
        { receiptHandle: 'b', code: 'MessageNotInflight', senderFault: true },
      ]);
      expect(sent()[0]).toMatchObject([
        'AmazonSQS.ChangeMessageVisibilityBatch',
        {
          Entries: [
            { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 0 },
            { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 120 },
          ],
        },
      ]);
    });

    test('sends jobs again with their first time, and returns which were not sent', async () => {
      aws.returns({
        Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: md5('one') }],
        Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
      });
      const jobs = [
        {
          receiptHandle: 'a',
          body: 'one',
          sentAt: 1_700_000_000_000,
          interruptions: 0,
          delaySeconds: 0,
        },
        {
          receiptHandle: 'b',
          body: 'two',
          sentAt: 1_700_000_000_001,
          interruptions: 3,
          delaySeconds: 32,
        },
      ];
      expect(await queue.resend(jobs)).toEqual([
        { receiptHandle: 'b', code: 'InternalError', senderFault: false },
      ]);
      const sentAt = (StringValue: string) => ({
        FirstSentAt: { DataType: 'Number', StringValue },
      });
      expect(sent()[0]).toEqual([
        'AmazonSQS.SendMessageBatch',
        {
          QueueUrl: queueUrl,
          Entries: [
            {
              Id: '0',
              MessageBody: 'one',
              DelaySeconds: 0,
              MessageAttributes: sentAt('1700000000000'),
            },
            {
              Id: '1',
              MessageBody: 'two',
              DelaySeconds: 32,
              MessageAttributes: {
                ...sentAt('1700000000001'),
                Interruptions: { DataType: 'Number', StringValue: '3' },
              },
            },
          ],
        },
      ]);
    });

    test('keeps the age and the interruptions of a job that was sent again', async () => {
      aws.returns({
        Messages: [
          {
            MessageId: 'm',
            ReceiptHandle: 'r',
            Body: 'b',
            MD5OfBody: md5('b'),
            Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1800000000000' },
            MessageAttributes: {
              FirstSentAt: { DataType: 'Number', StringValue: '1700000000000' },
              Interruptions: { DataType: 'Number', StringValue: '19' },
            },
          },
        ],
      });
      const [message] = await queue.receive(1, 0, new AbortController().signal);
      expect(message).toMatchObject({
        ...{ sentAt: 1_700_000_000_000, receiveCount: 1, interruptions: 19 },
      });
    });
  });

  describe('SqsDeadLetterQueue', () => {
    test('sends the body with its attributes as strings', async () => {
      aws.returns({ MessageId: 'm', MD5OfMessageBody: md5('body') });
      await deadLetters.send({ body: 'body', attributes: { FaultCode: 'Undecodable' } });
      expect(sent()).toEqual([
        [
          'AmazonSQS.SendMessage',
          {
            QueueUrl: queueUrl,
            MessageBody: 'body',
            MessageAttributes: { FaultCode: { DataType: 'String', StringValue: 'Undecodable' } },
          },
        ],
      ]);
    });
  });
});
