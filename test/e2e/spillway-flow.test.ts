import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { objectCreatedEvent } from '../../contract/object-created-event';
import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';
import { spillway } from './spillway-child';

const FILES = 60;
const LETTERS = 1_000;

/** The schedule is left out here: whatever is launched, a command has asked for. */
describe('spillway upload, watch, dlq redrive and reconcile, on an emulator with tasks', () => {
  let underTest: PipelineUnderTest;
  let folder: string;

  beforeAll(async () => {
    underTest = await openPipeline();
    folder = await mkdtemp(join(tmpdir(), 'spillway-flow-'));
    await mkdir(join(folder, 'holiday +&%'));
    const picture = await sharp({
      create: { width: 300, height: 200, channels: 3, background: { r: 200, g: 30, b: 30 } },
    })
      .jpeg()
      .toBuffer();
    for (let number = 1; number <= FILES; number += 1)
      await writeFile(join(folder, 'holiday +&%', `Été ${number}.jpg`), picture);
    // Goes up in parts.
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const square = { width: 2_000, height: 2_000, channels: 3, background: 'black' } as const;
    const large = sharp({ create: { ...square, noise } });
    await writeFile(join(folder, 'large.png'), await large.png().toBuffer());
    await writeFile(join(folder, 'notes.txt'), 'no picture');
  }, 120_000);

  afterAll(async () => {
    await underTest?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (...words: string[]) => {
    const ended = await spillway([...words, '--local', underTest.pipeline.endpoint]);
    if (ended.code !== 0) throw new Error(`spillway ${words.join(' ')}: ${ended.err}`);
    return ended.out;
  };
  const lines = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  async function renditions(): Promise<readonly string[]> {
    const keys: string[] = [];
    const pages = paginateListObjectsV2(
      { client: underTest.clients.s3 },
      { Bucket: underTest.pipeline.destinationBucket },
    );
    for await (const { Contents = [] } of pages)
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    return keys;
  }

  test('upload brings a folder in, watch follows it until it is idle', async () => {
    const uploaded = JSON.parse(await run('upload', folder, '--json'));
    expect(uploaded).toMatchObject({ uploaded: FILES + 2, same: 0, leftOut: 0 });
    const watched = lines(await run('watch', '--until-idle', '--json', '--every', '1'));
    expect(watched.at(-1)).toMatchObject({ backlog: 0, inFlight: 0, deadLetters: 1 });
    expect(await renditions()).toHaveLength(FILES + 1);
    const large = { Bucket: underTest.pipeline.sourceBucket, Key: 'ecsproc/large.png' };
    expect((await underTest.clients.s3.headObject(large)).ETag).toMatch(/-2"$/);
  }, 90_000);

  test('upload continues where it was: what is there is not uploaded again', async () => {
    await underTest.clients.s3.deleteObject({
      Bucket: underTest.pipeline.sourceBucket,
      Key: 'ecsproc/notes.txt',
    });
    const again = JSON.parse(await run('upload', folder, '--json'));
    expect(again).toMatchObject({ uploaded: 1, same: FILES + 1 });
    await run('watch', '--until-idle', '--json', '--every', '1');
  }, 60_000);

  test('reconcile finds nothing where everything has its renditions or a dead letter', async () => {
    const [summary, ...more] = lines(await run('reconcile', '--json'));
    expect(more).toEqual([]);
    expect(summary).toMatchObject({ looked: FILES + 2, missing: 0, deadLettered: 1 });
  });

  test('reconcile enqueues what lacks its rendition, whatever its key', async () => {
    const lost = [3, 17].map((number) => `processed/224x224/holiday +&%/Été ${number}.jpg`);
    for (const Key of lost)
      await underTest.clients.s3.deleteObject({
        Bucket: underTest.pipeline.destinationBucket,
        Key,
      });
    const found = lines(await run('reconcile', '--json', '--enqueue'));
    expect(found.slice(0, -1).map(({ key }) => key)).toEqual([
      'ecsproc/holiday +&%/Été 17.jpg',
      'ecsproc/holiday +&%/Été 3.jpg',
    ]);
    expect(found.at(-1)).toMatchObject({ missing: 2, enqueued: 2 });
    await run('watch', '--until-idle', '--json', '--every', '1');
    expect(await renditions()).toEqual(expect.arrayContaining(lost));
  }, 60_000);

  test('one command takes 1,000 dead letters of a repaired fault back, and they become ' +
    'renditions', async () => {
    const { sourceBucket, deadLetterQueueUrl, region } = underTest.pipeline;
    const names = Array.from({ length: LETTERS }, (_, index) => `repaired/Été ${index + 1}.png`);
    await putUnannounced(names.map((name) => `ecsproc/${name}`));
    await letter(
      names.map((name) => `ecsproc/${name}`),
      sourceBucket,
      deadLetterQueueUrl,
      region,
    );
    const redriven = JSON.parse(
      await run('dlq', 'redrive', '--fault', 'AccessDenied', '--json', '--rate', '500'),
    );
    expect(redriven).toMatchObject({ redriven: LETTERS, duplicated: 0, tooNew: 0 });
    await run('watch', '--until-idle', '--json', '--every', '1');
    const made = (await renditions()).filter((key) => key.includes('/repaired/'));
    expect(new Set(made)).toEqual(new Set(names.map((name) => `processed/224x224/${name}`)));
    const { Messages = [] } = await underTest.clients.sqs.receiveMessage({
      QueueUrl: deadLetterQueueUrl,
      MessageAttributeNames: ['All'],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
    });
    expect(
      new Set(Messages.map(({ MessageAttributes }) => MessageAttributes?.FaultCode?.StringValue)),
    ).toEqual(new Set(['UnsupportedFormat']));
  }, 120_000);

  test('Ctrl-C ends a reconciliation, which says how it continues, and leaves nothing ' +
    'out', async () => {
    const { destinationBucket: Bucket, endpoint } = underTest.pipeline;
    await run('pause');
    for (let number = 1; number <= FILES; number += 1)
      await underTest.clients.s3.deleteObject({
        Bucket,
        Key: `processed/224x224/holiday +&%/Été ${number}.jpg`,
      });
    const words = ['reconcile', '--enqueue', '--rate', '10', '--json', '--local', endpoint];
    const stopped = await spillway(words, {}, (child) => {
      child.stdout?.once('data', () => child.kill('SIGINT'));
    });
    expect(stopped.code).toBe(130);
    const position = /--start-after '(.*)'/.exec(
      JSON.parse(stopped.err.trim().split('\n').at(-1) ?? '').error,
    )?.[1];
    const first = lines(stopped.out).at(-1);
    expect(first.enqueued).toBeGreaterThan(0);
    expect(first.enqueued).toBeLessThan(FILES);
    const rest = await run(
      'reconcile',
      '--enqueue',
      '--rate',
      '500',
      '--json',
      '--start-after',
      position ?? '',
    );
    expect(lines(rest).at(-1)).toMatchObject({ enqueued: FILES - first.enqueued });
    await run('resume');
    await run('watch', '--until-idle', '--json', '--every', '1');
    expect(await renditions()).toHaveLength(FILES + 1 + LETTERS);
  }, 90_000);

  /**
   * Tiny pictures without an event: the bucket announces nothing from here on.
   */
  async function putUnannounced(keys: readonly string[]) {
    const { sourceBucket: Bucket } = underTest.pipeline;
    await underTest.clients.s3.putBucketNotificationConfiguration({
      Bucket,
      NotificationConfiguration: {},
    });
    const Body = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(
        keys
          .slice(start, start + 50)
          .map((Key) => underTest.clients.s3.putObject({ Bucket, Key, Body })),
      );
  }

  async function letter(keys: readonly string[], bucket: string, QueueUrl: string, region: string) {
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const origin = { bucket, region, configurationId: 'test', now: Date.now() };
    for (let start = 0; start < keys.length; start += 10) {
      const Entries = keys.slice(start, start + 10).map((key, index) => ({
        Id: String(index),
        MessageBody: objectCreatedEvent([{ key, bytes: 1, etag: 'e' }], origin),
        MessageAttributes: {
          FaultCode: text('AccessDenied'),
          SourceKey: text(encodeURIComponent(key)),
        },
      }));
      await underTest.clients.sqs.sendMessageBatch({ QueueUrl, Entries });
    }
    const { Attributes } = await underTest.clients.sqs.getQueueAttributes({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    expect(Number(Attributes?.ApproximateNumberOfMessages)).toBeGreaterThanOrEqual(keys.length);
  }
});
