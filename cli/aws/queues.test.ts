import { SQSClient } from '@aws-sdk/client-sqs';
import { type Answers, clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { TooManyInFlight } from '../ports/queues';
import { createQueues } from './queues';

let aws: FakeAws;
afterEach(() => aws.stop());

/** Of `b`. */
const MD5 = '92eb5ffee6ae2fec3ad71c777531578f';
const ARN = 'arn:aws:sqs:eu-central-1:123456789012:';
const queues = async (answers: Answers) => {
  aws = await FakeAws.start({
    GetQueueUrl: ({ QueueName }) => ({
      body: { QueueUrl: `${aws.endpoint}/123456789012/${QueueName}` },
    }),
    GetQueueAttributes: ({ QueueUrl }) => ({
      body: { Attributes: { QueueArn: `${ARN}${String(QueueUrl).split('/').at(-1)}` } },
    }),
    ...answers,
  });
  return createQueues(new SQSClient(clientOptions(aws)));
};
const inputOf = (operation: string) =>
  aws.calls.find((call) => call.operation === operation)?.input;

describe('moveAll', () => {
  const BEFORE = { Status: 'COMPLETED', StartedTimestamp: 1, ApproximateNumberOfMessagesMoved: 99 };
  const started = async (states: readonly object[]) => {
    const sqs = await queues({
      StartMessageMoveTask: () => ({ body: { TaskHandle: 'handle' } }),
      // The first look is before the start.
      ListMessageMoveTasks: (_input, call) => ({
        body: { Results: [BEFORE, ...states.slice(call - 1, call)] },
      }),
      CancelMessageMoveTask: () => ({ body: { ApproximateNumberOfMessagesMoved: 5 } }),
    });
    return sqs.moveAll('letters', 'work', 50);
  };

  test('names both queues and the rate, and says how far this move is', async () => {
    const move = await started([
      {},
      {
        Status: 'RUNNING',
        TaskHandle: 'handle',
        StartedTimestamp: 2,
        ApproximateNumberOfMessagesMoved: 4,
        ApproximateNumberOfMessagesToMove: 10,
      },
      {
        Status: 'FAILED',
        StartedTimestamp: 2,
        FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
      },
    ]);
    expect(inputOf('StartMessageMoveTask')).toEqual({
      SourceArn: `${ARN}letters`,
      DestinationArn: `${ARN}work`,
      MaxNumberOfMessagesPerSecond: 50,
    });
    expect(inputOf('ListMessageMoveTasks')).toEqual({ SourceArn: `${ARN}letters`, MaxResults: 10 });
    expect(await move?.state()).toEqual({ status: 'RUNNING', moved: 0 });
    expect(await move?.state()).toEqual({ status: 'RUNNING', moved: 4, toMove: 10 });
    expect(await move?.state()).toEqual({
      status: 'FAILED',
      moved: 0,
      failure: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  test('cancels, and says how many were moved also where SQS forgets the move', async () => {
    const move = await started([]);
    await move?.cancel();
    expect(inputOf('CancelMessageMoveTask')).toEqual({ TaskHandle: 'handle' });
    expect(await move?.state()).toEqual({ status: 'CANCELLED', moved: 5 });
  });

  test('is absent where the endpoint has no such call', async () => {
    const sqs = await queues({
      ListMessageMoveTasks: () => ({ status: 400, type: 'InvalidAction' }),
    });
    expect(await sqs.moveAll('letters', 'work', 50)).toBeUndefined();
  });

  test('fails when SQS refuses, as when a move is under way', async () => {
    const sqs = await queues({
      ListMessageMoveTasks: () => ({ body: {} }),
      StartMessageMoveTask: () => ({
        status: 400,
        type: 'UnsupportedOperation',
        message: 'There is already a task.',
      }),
    });
    await expect(sqs.moveAll('letters', 'work', 50)).rejects.toThrow('There is already a task.');
  });
});

describe('a queue', () => {
  test('hides what is received, and says when SQS hides no more', async () => {
    const sqs = await queues({
      ReceiveMessage: (_input, call) =>
        call === 0
          ? {
              body: {
                Messages: [
                  {
                    MessageId: 'm',
                    ReceiptHandle: 'r',
                    Body: 'b',
                    MD5OfBody: MD5,
                    Attributes: { SentTimestamp: '5' },
                  },
                ],
              },
            }
          : { status: 400, type: 'OverLimit' },
    });
    const queue = await sqs.open('letters');
    expect(await queue.receive(7, 600)).toEqual([
      { messageId: 'm', receiptHandle: 'r', body: 'b', attributes: {}, sentAt: 5 },
    ]);
    expect(inputOf('ReceiveMessage')).toEqual({
      QueueUrl: expect.stringMatching(/letters$/),
      MaxNumberOfMessages: 7,
      VisibilityTimeout: 600,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    await expect(queue.receive(7, 600)).rejects.toBeInstanceOf(TooManyInFlight);
  });

  test('extends and releases in one call for all', async () => {
    const failed = { Failed: [{ Id: '0', Code: 'MessageNotInflight', SenderFault: true }] };
    const sqs = await queues({ ChangeMessageVisibilityBatch: () => ({ body: failed }) });
    const queue = await sqs.open('letters');
    expect(await queue.extend(['a', 'b'], 600)).toEqual([{ index: 0, code: 'MessageNotInflight' }]);
    expect(await queue.release(['c'])).toEqual([{ index: 0, code: 'MessageNotInflight' }]);
    const calls = aws.calls.filter(({ operation }) => operation === 'ChangeMessageVisibilityBatch');
    expect(calls.map(({ input }) => input.Entries)).toEqual([
      [
        { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 600 },
        { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 600 },
      ],
      [{ Id: '0', ReceiptHandle: 'c', VisibilityTimeout: 0 }],
    ]);
  });

  test('sends attributes as they are, binary ones too', async () => {
    const sqs = await queues({ SendMessageBatch: () => ({ body: {} }) });
    const queue = await sqs.open('work');
    const attributes = {
      trace: { dataType: 'String', text: 't' },
      seal: { dataType: 'Binary', bytes: Buffer.from('b') },
    };
    const plain = { body: 'c', attributes: {} };
    expect(await queue.send([{ body: 'b', attributes }, plain])).toEqual([]);
    expect(inputOf('SendMessageBatch')).toMatchObject({
      Entries: [
        {
          Id: '0',
          MessageBody: 'b',
          MessageAttributes: {
            trace: { DataType: 'String', StringValue: 't' },
            seal: { DataType: 'Binary', BinaryValue: Buffer.from('b').toString('base64') },
          },
        },
        { Id: '1', MessageBody: 'c' },
      ],
    });
  });

  test('tells its depth in the words of SQS', async () => {
    const sqs = await queues({
      GetQueueAttributes: () => ({
        body: {
          Attributes: {
            ApproximateNumberOfMessages: '1',
            ApproximateNumberOfMessagesNotVisible: '2',
            ApproximateNumberOfMessagesDelayed: '3',
          },
        },
      }),
    });
    const queue = await sqs.open('letters');
    expect(await queue.depth()).toEqual({ backlog: 1, inFlight: 2, delayed: 3 });
    expect(inputOf('GetQueueAttributes')).toMatchObject({
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    });
  });

  test('tells which entries of a batch were not taken', async () => {
    const sqs = await queues({
      DeleteMessageBatch: () => ({
        body: { Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] },
      }),
    });
    const queue = await sqs.open('letters');
    expect(await queue.remove(['a', 'b'])).toEqual([{ index: 1, code: 'InternalError' }]);
  });

  test('fails when it does not exist, with what to do', async () => {
    const sqs = await queues({ GetQueueUrl: () => ({ status: 400, type: 'QueueDoesNotExist' }) });
    await expect(sqs.open('letters')).rejects.toThrow(
      'There is no queue letters: deploy the stacks',
    );
  });
});
