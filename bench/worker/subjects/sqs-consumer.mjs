import { Agent } from 'node:http';
import { availableParallelism } from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import sharp from 'sharp';
import { Consumer } from 'sqs-consumer';
import { processMessage } from './job.mjs';

/**
 * What a skilled user makes of sqs-consumer, sharp and the SDK: batches of ten whose messages are
 * worked on side by side, two consumers for each CPU so that one polls while another decodes, one
 * thread of libvips a picture, no cache of libvips, sockets kept open, and no checksum of answers
 * in JavaScript.
 */
sharp.concurrency(1);
sharp.cache(false);
const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: 200 }) };
const s3 = new S3Client({
  forcePathStyle: true,
  requestHandler,
  responseChecksumValidation: 'WHEN_REQUIRED',
});
const sqs = new SQSClient({ requestHandler });

for (let count = 0; count < 2 * availableParallelism(); count++) {
  const consumer = Consumer.create({
    queueUrl: process.env.QUEUE_URL,
    sqs,
    batchSize: 10,
    waitTimeSeconds: 20,
    handleMessageBatch: async (messages) => {
      await Promise.all(messages.map(({ Body }) => processMessage(s3, Body)));
      return messages;
    },
  });
  for (const event of ['error', 'processing_error']) {
    consumer.on(event, (error) => {
      throw error;
    });
  }
  consumer.start();
}
