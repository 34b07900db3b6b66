import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions, FakeAws } from '../../../test/fakes/aws-server';
import { createQueue } from './queue';

let aws: FakeAws;
afterEach(() => aws.stop());

const depth = async (Attributes: object) => {
  aws = await FakeAws.start({ GetQueueAttributes: () => ({ body: { Attributes } }) });
  return createQueue(
    new SQSClient(clientOptions(aws)),
    `${aws.endpoint}/123456789012/work`,
  ).depth();
};

describe('queue', () => {
  test('tells visible, in-flight and delayed messages apart', async () => {
    const attributes = {
      ApproximateNumberOfMessages: '31',
      ApproximateNumberOfMessagesNotVisible: '7',
      ApproximateNumberOfMessagesDelayed: '2',
    };
    expect(await depth(attributes)).toEqual({ backlog: 31, inFlight: 7, delayed: 2 });
    expect(aws.calls[0]?.input.AttributeNames).toEqual(Object.keys(attributes));
  });

  test('fails when a count is missing, rather than taking it for an empty queue', async () => {
    await expect(depth({ ApproximateNumberOfMessages: '31' })).rejects.toThrow(
      'ApproximateNumberOfMessagesNotVisible',
    );
  });
});
