import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { s3Record } from '../../application-code/worker/src/fakes/events';
import { createClients } from '../../local/aws/clients';
import { awsEnvironment, LOCAL_ACCOUNT_ID } from '../../local/environment';
import { everyFormat } from '../e2e/album';
import { brokenPromises, readOutcome } from '../e2e/outcome';
import type { Photo } from '../e2e/photos';
import { samplePhotos } from '../rehearsal/sample-photos';

/** Buckets and queues of an emulator, between which a task works. */
export interface TaskStand {
  /** The task's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Empties nothing: a later upload overwrites the same objects. @returns what must come of them. */
  upload(): Promise<readonly Photo[]>;
  /** Everything that is wrong with what a task made of the photos. */
  broken(photos: readonly Photo[]): Promise<readonly string[]>;
  /** Settles once a rendition is there that was not there at the last upload. */
  someJobIsDone(): Promise<void>;
  close(): void;
}

const SOURCES = 'photos';
const ENDS = { sourcePrefix: 'ecsproc/', destinationPrefix: 'processed/', destinationBucket: 'renditions' };
const POLL_MILLISECONDS = 50;

export async function openTaskStand(endpoint: string): Promise<TaskStand> {
  const { s3, sqs, destroy } = createClients(endpoint);
  await s3.send(new CreateBucketCommand({ Bucket: SOURCES }));
  await s3.send(new CreateBucketCommand({ Bucket: ENDS.destinationBucket }));
  const queue = async (QueueName: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const queueUrl = await queue('work');
  const deadLetterQueueUrl = await queue('dead-letters');
  let uploadedAt = 0;
  const newRenditions = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: ENDS.destinationBucket }));
    return Contents.filter(({ LastModified }) => (LastModified?.getTime() ?? 0) > uploadedAt);
  };
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
      uploadedAt = Date.now();
      for (const { path, body } of photos) {
        const key = `${ENDS.sourcePrefix}${path}`;
        await s3.send(new PutObjectCommand({ Bucket: SOURCES, Key: key, Body: body }));
        const event = { Records: [s3Record(key, {}, SOURCES, body.length)] };
        await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }));
      }
      return photos;
    },
    broken: async (photos) => {
      const ends = { ...ENDS, deadLetterQueueUrl };
      return brokenPromises(photos, await readOutcome(s3, sqs, ends), ends);
    },
    someJobIsDone: async () => {
      while ((await newRenditions()).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
      }
    },
    close: destroy,
  };
}
