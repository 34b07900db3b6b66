import { randomUUID } from 'node:crypto';
import { awsEnvironment, LOCAL_ACCOUNT_ID } from '../../local/environment';
import { everyFormat } from '../e2e/album';
import { brokenPromises } from '../e2e/broken-promises';
import type { Photo } from '../e2e/photos';
import { samplePhotos } from '../e2e/sample-photos';
import { awsClients } from '../emulator/clients';
import { deleteObjects, keysIn, type Outcome, readOutcome } from '../emulator/outcome';
import { s3Record } from '../fakes/worker/events';

/** Buckets and queues of an emulator for one task. */
export interface TaskUnderTest {
  /** The task's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Deletes all renditions, uploads photos and sends their events. */
  upload(): Promise<readonly Photo[]>;
  /** Uploads one object and sends its event. */
  send(path: string, body: Buffer): Promise<void>;
  /** What tasks have left behind so far. */
  outcome(): Promise<Outcome>;
  /** Everything that is wrong with what a task made of the photos. */
  broken(photos: readonly Photo[]): Promise<readonly string[]>;
  close(): void;
}

/** Each task has buckets and queues of its own. */
export async function openTaskUnderTest(endpoint: string): Promise<TaskUnderTest> {
  const clients = awsClients(endpoint);
  const { s3, sqs } = clients;
  const id = randomUUID();
  const sources = `photos-${id}`;
  const ends = {
    sourcePrefix: 'ecsproc/',
    destinationPrefix: 'processed/',
    destinationBucket: `renditions-${id}`,
  };
  const Bucket = ends.destinationBucket;
  await s3.createBucket({ Bucket: sources });
  await s3.createBucket({ Bucket });
  const queue = async (QueueName: string) => (await sqs.createQueue({ QueueName })).QueueUrl ?? '';
  const queueUrl = await queue(`work-${id}`);
  const deadLetterQueueUrl = await queue(`dead-letters-${id}`);
  const outcome = () => readOutcome(clients, { ...ends, deadLetterQueueUrl });
  const send = async (path: string, body: Buffer) => {
    const key = `${ends.sourcePrefix}${path}`;
    await s3.putObject({ Bucket: sources, Key: key, Body: body });
    const event = { Records: [s3Record(key, {}, sources, body.length)] };
    await sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) });
  };
  return {
    variables: {
      ...awsEnvironment(endpoint),
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      SOURCE_BUCKET: sources,
      DESTINATION_BUCKET: Bucket,
      EXPECTED_BUCKET_OWNER: LOCAL_ACCOUNT_ID,
    },
    upload: async () => {
      const photos = [...(await samplePhotos()), ...(await everyFormat())];
      await deleteObjects(clients, Bucket, await keysIn(clients, Bucket));
      for (const { path, body } of photos) await send(path, body);
      return photos;
    },
    send,
    outcome,
    broken: async (photos) => brokenPromises(photos, await outcome(), ends),
    close: clients.destroy,
  };
}
