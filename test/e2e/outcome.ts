import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import sharp from 'sharp';
import type { Pipeline } from '../../local/ports';
import { type Photo, QUADRANTS, type RenditionExpected } from './photos';

/** What a run has left behind: renditions by key, and dead letters by source key. */
export interface Outcome {
  readonly renditions: ReadonlyMap<string, Buffer>;
  readonly deadLetters: ReadonlyMap<string, DeadLetterSeen>;
}

export interface DeadLetterSeen {
  readonly code: string;
  readonly message: string;
  /** How many letters there are for this key: a duplicated event may make several. */
  readonly count: number;
}

/** What of a pipeline says where its work ends. */
export type Ends = Pick<
  Pipeline,
  'sourcePrefix' | 'destinationBucket' | 'destinationPrefix' | 'deadLetterQueueUrl'
>;

export async function readOutcome(s3: S3Client, sqs: SQSClient, pipeline: Ends): Promise<Outcome> {
  return {
    renditions: await readRenditions(s3, pipeline),
    deadLetters: await readDeadLetters(sqs, pipeline.deadLetterQueueUrl),
  };
}

async function readRenditions(s3: S3Client, pipeline: Ends): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: pipeline.destinationBucket });
  for await (const page of pages) {
    for (const { Key = '' } of page.Contents ?? []) {
      const object = await s3.send(
        new GetObjectCommand({ Bucket: pipeline.destinationBucket, Key }),
      );
      found.set(Key, Buffer.from((await object.Body?.transformToByteArray()) ?? []));
    }
  }
  return found;
}

async function readDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
): Promise<Map<string, DeadLetterSeen>> {
  const found = new Map<string, DeadLetterSeen>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return found;
    for (const { MessageAttributes = {}, ReceiptHandle } of Messages) {
      const attribute = (name: string) => MessageAttributes[name]?.StringValue ?? '';
      const key = decodeURIComponent(attribute('SourceKey'));
      const count = (found.get(key)?.count ?? 0) + 1;
      found.set(key, { code: attribute('FaultCode'), message: attribute('FaultMessage'), count });
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

/**
 * Everything that is wrong with how the photos ended; empty when the promise holds with the right
 * pixels.
 */
export async function brokenPromises(
  photos: readonly Photo[],
  outcome: Outcome,
  pipeline: Ends,
): Promise<string[]> {
  const expected = new Set<string>();
  const wrong: string[] = [];
  for (const photo of photos) {
    const renditionKey = `${pipeline.destinationPrefix}224x224/${photo.path}`;
    const rendition = outcome.renditions.get(renditionKey);
    const letter = outcome.deadLetters.get(`${pipeline.sourcePrefix}${photo.path}`);
    if (rendition && letter) wrong.push(`${photo.path} is in both places`);
    if ('fault' in photo.ends) {
      if (letter?.code !== photo.ends.fault)
        wrong.push(`${photo.path}: ${letter?.code} is not ${photo.ends.fault}`);
      continue;
    }
    expected.add(renditionKey);
    if (rendition)
      wrong.push(
        ...(await wrongPixels(rendition, photo.ends)).map((what) => `${photo.path}: ${what}`),
      );
    else
      wrong.push(
        `${photo.path} has no rendition; its dead letter: ${letter?.code} ${letter?.message}`,
      );
  }
  for (const key of outcome.renditions.keys())
    if (!expected.has(key)) wrong.push(`${key} was not asked for`);
  return wrong;
}

async function wrongPixels(rendition: Buffer, ends: RenditionExpected): Promise<string[]> {
  const metadata = await sharp(rendition).metadata();
  const scale = Math.min(1, 224 / ends.width, 224 / ends.height);
  const wanted = {
    format: ends.format,
    width: Math.max(1, Math.round(ends.width * scale)),
    height: Math.max(1, Math.round(ends.height * scale)),
    orientation: 1,
    pages: ends.pages ?? 1,
  };
  const given = {
    format: metadata.format,
    width: metadata.width,
    height: metadata.pageHeight ?? metadata.height,
    orientation: metadata.orientation ?? 1,
    pages: metadata.pages ?? 1,
  };
  const differs =
    JSON.stringify(given) === JSON.stringify(wanted) ? [] : [JSON.stringify({ given, wanted })];
  return [...differs, ...(ends.colours === false ? [] : await wrongColours(rendition))];
}

/** Compares the middle of each quarter with the colour that an upright sRGB picture shows there. */
async function wrongColours(rendition: Buffer): Promise<string[]> {
  const { data, info } = await sharp(rendition)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return QUADRANTS.flatMap((colour, index) => {
    const x = Math.floor(info.width * (index % 2 ? 0.75 : 0.25));
    const y = Math.floor(info.height * (index >= 2 ? 0.75 : 0.25));
    const at = (y * info.width + x) * info.channels;
    const seen = [...data.subarray(at, at + 3)];
    const far = colour.some((value, channel) => Math.abs(value - (seen[channel] ?? 0)) > 60);
    return far ? [`quarter ${index} is ${seen}, not ${colour}`] : [];
  });
}
