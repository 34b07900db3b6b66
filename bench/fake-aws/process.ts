import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Crc64Nvme } from '@aws-sdk/checksums';
import { notificationsOf, SOURCE_BUCKET, sourceKey } from '../upload-events';
import { epochNow, FakeAwsServer, type FakeAwsSettings, type RequestCounts } from './server';

/** What the process is told: first `open`, then `fill` as often as wanted. */
export type FakeAwsOrder =
  | {
      readonly kind: 'open';
      readonly settings: FakeAwsSettings;
      readonly folder: string;
      readonly files: number;
    }
  | { readonly kind: 'fill'; readonly from: number; readonly files: number };

export type FakeAwsNews =
  | { readonly kind: 'listening'; readonly port: number }
  | ({ readonly kind: 'drained' } & Drained);

/** What became of one fill. */
export interface Drained {
  /** From the fill to the last acknowledgement. */
  readonly seconds: number;
  readonly requests: RequestCounts;
  /** Objects, or samples in parts, written since the process began. */
  readonly written: number;
  /** Messages that came more than once. */
  readonly redeliveries: number;
  readonly deadLetters: readonly string[];
  /** Milliseconds since the epoch. */
  readonly firstReceiveAt: number;
  readonly firstWriteAt: number;
}

let aws: FakeAwsServer;
let keys: readonly string[] = [];

/** S3 and SQS in a process of their own, so that their CPU time is their own. */
process.on('message', async (order: FakeAwsOrder) => {
  const news = order.kind === 'open' ? await open(order) : await drain(order);
  process.send?.(news);
});

async function open({
  settings,
  folder,
  files,
}: Extract<FakeAwsOrder, { kind: 'open' }>): Promise<FakeAwsNews> {
  const pictures = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((name) => stored(join(folder, name))),
  );
  aws = new FakeAwsServer(settings);
  for (let index = 0; index < files; index++) {
    const picture = pictures[index % pictures.length];
    if (!picture) throw new Error(`There is no picture in ${folder}.`);
    const path = `/${SOURCE_BUCKET}/${sourceKey(index, extname(picture.file))}`;
    aws.s3.objects.put(path, picture.body, picture);
  }
  keys = aws.s3.objects.keys();
  return { kind: 'listening', port: await aws.listen() };
}

async function stored(file: string) {
  const body = readFileSync(file);
  const checksum = new Crc64Nvme();
  checksum.update(body);
  const crc64nvme = Buffer.from(await checksum.digest()).toString('base64');
  return {
    body,
    eTag: `"${crc64nvme.slice(0, 11)}"`,
    crc64nvme,
    contentType: 'image/jpeg',
    file,
  };
}

async function drain({
  from,
  files,
}: Extract<FakeAwsOrder, { kind: 'fill' }>): Promise<FakeAwsNews> {
  aws.takeCounts();
  const start = epochNow();
  await aws.drain(notificationsOf(keys.slice(from, from + files), aws.s3.objects));
  return {
    kind: 'drained',
    seconds: (epochNow() - start) / 1000,
    requests: aws.takeCounts(),
    written: aws.s3.outputs,
    redeliveries: aws.queue.redeliveries,
    deadLetters: aws.sqs.sent,
    firstReceiveAt: aws.firstReceiveAt ?? Number.NaN,
    firstWriteAt: aws.firstWriteAt ?? Number.NaN,
  };
}
