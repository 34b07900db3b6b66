import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { awkwardNames, everyFormat, holiday, hostilePhotos } from './album';
import { brokenPromises, readOutcome } from './outcome';
import type { Photo } from './photos';
import { eventually, openStand, type Stand } from './stand';

const LARGE = 6;
const FILES = 300;
const installed = spawnSync('aws', ['--version']).status === 0;
const testWithCli = installed ? test : test.skip;
const title = `three hundred files by the aws CLI survive doubled events, a killed task and a stopped one${
  installed ? '' : ' (skipped: there is no `aws` command on this machine)'
}`;

describe('aws s3 cp --recursive', () => {
  let stand: Stand;
  let folder: string;
  let photos: readonly Photo[];

  beforeAll(async () => {
    stand = await openStand({
      maxTasks: 4,
      jobsPerTask: 50,
      visibilityTimeoutSeconds: 12,
      jobTimeoutSeconds: 12,
    });
    folder = await mkdtemp(join(tmpdir(), 'spillway-e2e-'));
    const special = [
      ...(await hostilePhotos()),
      ...(await everyFormat()),
      ...(await awkwardNames(Buffer.byteLength(stand.pipeline.sourcePrefix))),
    ];
    photos = [...special, ...(await holiday(FILES - special.length, LARGE))];
    for (const photo of photos) await writePhoto(folder, photo);
  }, 60_000);

  afterAll(async () => {
    await stand.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  testWithCli(
    title,
    async () => {
      await copyWithCli(stand, folder);
      const events = await doubleEveryEvent(stand.sqs, stand.pipeline.queueUrl);
      expect(events.size).toBe(FILES);
      expect(
        [...events.values()].filter((name) => name.endsWith('CompleteMultipartUpload')),
      ).toHaveLength(LARGE);

      await stand.scale();
      await eventually(() => stand.jobs.length >= 40);
      const [first, second] = stand.runner.tasks().filter((task) => task.lastStatus === 'RUNNING');
      if (!first || !second) throw new Error('fewer than two tasks are running');
      stand.runner.killTask(first.taskArn, 'SIGKILL');
      await eventually(() => stand.jobs.length >= 100);
      stand.runner.killTask(second.taskArn, 'SIGTERM');
      await stand.quiet();

      const ended = (arn: string) =>
        stand.runner.tasks().find(({ taskArn }) => taskArn === arn)?.exitCode;
      expect({ killed: ended(first.taskArn), drained: ended(second.taskArn) }).toEqual({
        killed: 137,
        drained: 0,
      });
      expect(stand.runner.tasks().length).toBeGreaterThan(2);
      const outcome = await readOutcome(stand.s3, stand.sqs, stand.pipeline);
      expect(await brokenPromises(photos, outcome, stand.pipeline)).toEqual([]);
    },
    150_000,
  );
});

async function writePhoto(folder: string, photo: Photo): Promise<void> {
  const file = join(folder, photo.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, photo.body);
}

async function copyWithCli({ environment, pipeline }: Stand, folder: string): Promise<void> {
  const target = `s3://${pipeline.sourceBucket}/${pipeline.sourcePrefix}`;
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', ...environment };
  // Versions before 1.29 and 2.13 do not know AWS_ENDPOINT_URL.
  const endpoint = ['--endpoint-url', pipeline.endpoint];
  await promisify(execFile)(
    'aws',
    [...endpoint, 's3', 'cp', folder, target, '--recursive', '--only-show-errors'],
    {
      env,
    },
  );
}

/** Sends every message of the queue once more; gives the event names by key. */
async function doubleEveryEvent(sqs: SQSClient, queueUrl: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const receipts: string[] = [];
  while (names.size < FILES) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 300,
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      receipts.push(ReceiptHandle);
      for (const record of JSON.parse(Body).Records ?? [])
        names.set(record.s3.object.key, record.eventName);
      await sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body, DelaySeconds: 5 }),
      );
    }
  }
  for (const ReceiptHandle of receipts) {
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
  return names;
}
