import { S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { processMessage } from './job.mjs';

/**
 * Receive ten messages; for one after the other get, resize with sharp's defaults, put; delete the
 * ten.
 */
const { QUEUE_URL: QueueUrl } = process.env;
const s3 = new S3Client({ forcePathStyle: true });
const sqs = new SQSClient({});

for (;;) {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 20,
  });
  const { Messages = [] } = await sqs.send(receive);
  for (const { Body } of Messages) await processMessage(s3, Body);
  const Entries = Messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
  if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}
