import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fakePort } from '../../test/fakes/aws-server';
import { createCanaryQueues } from './sqs';

const { open: queues, calls } = fakePort((options) =>
  createCanaryQueues(new SQSClient({ ...options, useQueueUrlAsEndpoint: false })),
);

const URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/canary';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('events are sent ten at a time', async () => {
  const port = await queues({
    SendMessageBatch: ({ Entries }) => ({
      body: {
        Successful: (Entries as { Id: string; MessageBody: string }[]).map(
          ({ Id, MessageBody }) => ({
            Id,
            MessageId: Id,
            MD5OfMessageBody: md5(MessageBody),
          }),
        ),
      },
    }),
  });
  await port.send(
    URL,
    Array.from({ length: 11 }, (_, n) => `event ${n}`),
  );
  expect(calls().map(({ input }) => (input.Entries as unknown[]).length)).toEqual([10, 1]);
  expect(calls()[1]?.input).toEqual({
    QueueUrl: URL,
    Entries: [{ Id: '0', MessageBody: 'event 10' }],
  });
});

test('fails when the queue does not take an event, with its reason', async () => {
  const Failed = [{ Id: '0', Code: 'InternalError', Message: 'later', SenderFault: false }];
  const port = await queues({ SendMessageBatch: () => ({ body: { Failed } }) });
  await expect(port.send(URL, ['a', 'b'])).rejects.toThrow(
    `${URL} did not take 1 of 2 messages: InternalError later`,
  );
});

test('dead letters are read to the end, with the fault that the worker wrote', async () => {
  const message = (Body: string, MessageAttributes?: object) => ({
    MessageId: Body,
    ReceiptHandle: `handle of ${Body}`,
    Body,
    MD5OfBody: md5(Body),
    MessageAttributes,
  });
  const told = {
    FaultCode: { DataType: 'String', StringValue: 'Undecodable' },
    FaultMessage: { DataType: 'String', StringValue: 'no JPEG' },
  };
  const answers = [[message('one', told)], [message('two')], []];
  const port = await queues({
    ReceiveMessage: (_input, call) => ({ body: { Messages: answers[call] } }),
  });
  expect(await port.deadLetters(URL)).toEqual([
    {
      receiptHandle: 'handle of one',
      body: 'one',
      faultCode: 'Undecodable',
      faultMessage: 'no JPEG',
    },
    { receiptHandle: 'handle of two', body: 'two' },
  ]);
  expect(calls()).toHaveLength(3);
  expect(calls()[0]?.input).toEqual({
    QueueUrl: URL,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
    VisibilityTimeout: 5,
    MessageAttributeNames: ['FaultCode', 'FaultMessage'],
  });
});

test('a dead letter is removed by its receipt', async () => {
  const port = await queues({ DeleteMessage: () => ({ body: {} }) });
  await port.remove(URL, 'handle');
  expect(calls()[0]?.input).toEqual({ QueueUrl: URL, ReceiptHandle: 'handle' });
});
