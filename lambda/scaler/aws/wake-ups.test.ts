import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions, FakeAws } from '../../../test/fakes/aws-server';
import { exampleUpload } from '../../../test/fakes/scaler/examples';
import { createWakeUps } from './wake-ups';

test('a wake-up is hidden in its own queue, which is beside the work queue', async () => {
  const aws = await FakeAws.start({ ChangeMessageVisibility: () => ({ body: {} }) });
  const wakeUps = createWakeUps(
    new SQSClient(clientOptions(aws)),
    `${aws.endpoint}/123456789012/work`,
  );
  await wakeUps.hide(exampleUpload(), 10);
  expect(aws.calls.map(({ input }) => input)).toEqual([
    {
      QueueUrl: `${aws.endpoint}/123456789012/photos-wake.fifo`,
      ReceiptHandle: exampleUpload().receiptHandle,
      VisibilityTimeout: 10,
    },
  ]);
  await aws.stop();
});
