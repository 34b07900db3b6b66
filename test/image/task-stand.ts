import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createClients } from '../../local/aws/clients';
import { awsEnvironment, LOCAL_ACCOUNT_ID } from '../../local/environment';
import { everyFormat } from '../e2e/album';
import { brokenPromises, readOutcome } from '../e2e/outcome';
import type { Photo } from '../e2e/photos';
import { s3Record } from '../fakes/worker/events';
import { emptyBucket } from '../rehearsal/empty-bucket';
import { samplePhotos } from '../rehearsal/sample-photos';

/** Buckets and queues of an emulator, between which a task works. */
export interface TaskStand {
  /** The task's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Deletes all renditions, uploads the photos and sends their events. @returns what must come of
   * them.
   */
  upload(): Promise<readonly Photo[]>;
  /** Everything that is wrong with what a task made of the photos. */
  broken(photos: readonly Photo[]): Promise<readonly string[]>;
  close(): void;
}

const SOURCES = 'photos';
const ENDS = {
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  destinationBucket: 'renditions',
};

export async function openTaskStand(endpoint: string): Promise<TaskStand> {
  const { s3, sqs, destroy } = createClients(endpoint);
  await s3.send(new CreateBucketCommand({ Bucket: SOURCES }));
  await s3.send(new CreateBucketCommand({ Bucket: ENDS.destinationBucket }));
  const queue = async (QueueName: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const queueUrl = await queue('work');
  const deadLetterQueueUrl = await queue('dead-letters');
  return {
    variables: {
      ...awsEnvironment(endpoint),
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      SOURCE_BUCKET: SOURCES,
      DESTINATION_BUCKET: ENDS.destinationBucket,
      EXPECTED_BUCKET_OWNER: LOCAL_ACCOUNT_ID,
    },
    upload: async () => {
      const photos = [...(await samplePhotos()), ...(await everyFormat())];
      await emptyBucket(s3, ENDS.destinationBucket);
      for (const { path, body } of photos) {
        const key = `${ENDS.sourcePrefix}${path}`;
        await s3.send(new PutObjectCommand({ Bucket: SOURCES, Key: key, Body: body }));
        const event = { Records: [s3Record(key, {}, SOURCES, body.length)] };
        await sqs.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }),
        );
      }
      return photos;
    },
    broken: async (photos) => {
      const ends = { ...ENDS, deadLetterQueueUrl };
      return brokenPromises(photos, await readOutcome(s3, sqs, ends), ends);
    },
    close: destroy,
  };
}
