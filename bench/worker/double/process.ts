import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Crc64Nvme } from '@aws-sdk/checksums';
import { notificationsOf, SOURCE_BUCKET, SOURCE_PREFIX } from '../stage';
import type { StoredObject } from './s3';
import { AwsDouble, type DoubleSettings, epochNow, type RequestCounts } from './server';

/** What the process is told: first `open`, then `fill` as often as wanted. */
export type DoubleOrder =
  | {
      readonly kind: 'open';
      readonly settings: DoubleSettings;
      readonly folder: string;
      readonly files: number;
    }
  | { readonly kind: 'fill'; readonly from: number; readonly files: number };

export type DoubleNews =
  | { readonly kind: 'listening'; readonly port: number }
  | ({ readonly kind: 'drained' } & Drained);

/** What became of one fill. */
export interface Drained {
  /** From the fill to the last acknowledgement. */
  readonly seconds: number;
  readonly requests: RequestCounts;
  /** Objects written since the process began. */
  readonly written: number;
  /** Messages that came more than once. */
  readonly redeliveries: number;
  readonly deadLetters: readonly string[];
  /** Milliseconds since the epoch. */
  readonly firstReceiveAt: number;
  readonly firstWriteAt: number;
}

let double: AwsDouble;
let keys: readonly string[] = [];

/** S3 and SQS in a process of their own, so that their CPU time is nobody else's. */
process.on('message', async (order: DoubleOrder) => {
  const news = order.kind === 'open' ? await open(order) : await drain(order);
  process.send?.(news);
});

async function open({
  settings,
  folder,
  files,
}: Extract<DoubleOrder, { kind: 'open' }>): Promise<DoubleNews> {
  const pictures = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((name) => stored(join(folder, name))),
  );
  double = new AwsDouble(settings);
  const objects = new Map<string, StoredObject>();
  for (let index = 0; index < files; index++) {
    const picture = pictures[index % pictures.length];
    const key = `${SOURCE_PREFIX}${String(index).padStart(6, '0')}.${picture?.extension}`;
    if (picture) objects.set(`/${SOURCE_BUCKET}/${key}`, picture);
  }
  keys = [...objects.keys()];
  double.hold(objects);
  return { kind: 'listening', port: await double.listen() };
}

async function stored(file: string): Promise<StoredObject & { extension: string }> {
  const body = readFileSync(file);
  const checksum = new Crc64Nvme();
  checksum.update(body);
  const crc64nvme = Buffer.from(await checksum.digest()).toString('base64');
  return {
    body,
    eTag: `"${crc64nvme.slice(0, 11)}"`,
    crc64nvme,
    extension: file.slice(file.lastIndexOf('.') + 1),
  };
}

async function drain({ from, files }: Extract<DoubleOrder, { kind: 'fill' }>): Promise<DoubleNews> {
  double.takeCounts();
  const start = epochNow();
  double.queue.fill(notificationsOf(keys.slice(from, from + files), double.s3.objects));
  await double.queue.drained;
  return {
    kind: 'drained',
    seconds: (epochNow() - start) / 1000,
    requests: double.takeCounts(),
    written: double.s3.written.size,
    redeliveries: double.queue.redeliveries,
    deadLetters: double.sqs.sent,
    firstReceiveAt: double.firstReceiveAt ?? Number.NaN,
    firstWriteAt: double.firstWriteAt ?? Number.NaN,
  };
}
