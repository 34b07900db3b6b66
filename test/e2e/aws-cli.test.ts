import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { SQS } from '@aws-sdk/client-sqs';
import { readOutcome } from '../emulator/outcome';
import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';
import { eventually } from '../fakes/eventually';
import { awkwardNames, everyFormat, holiday, hostilePhotos } from './album';
import { brokenPromises } from './broken-promises';
import type { Photo } from './photos';

const LARGE = 6;
const FILES = 300;
const installed = spawnSync('aws', ['--version']).status === 0;
const testWithCli = installed ? test : test.skip;
const skipped = installed ? '' : ' (skipped: there is no `aws` command on this machine)';
const title =
  'three hundred files by the aws CLI survive doubled events, a killed task and a stopped one' +
  skipped;

describe('aws s3 cp --recursive', () => {
  let underTest: PipelineUnderTest;
  let folder: string;
  let photos: readonly Photo[];

  beforeAll(async () => {
    underTest = await openPipeline({
      maxTasks: 4,
      jobsPerTask: 50,
      visibilityTimeoutSeconds: 12,
      jobTimeoutSeconds: 12,
    });
    folder = await mkdtemp(join(tmpdir(), 'spillway-e2e-'));
    const special = [
      ...(await hostilePhotos()),
      ...(await everyFormat()),
      ...(await awkwardNames(Buffer.byteLength(underTest.pipeline.sourcePrefix))),
    ];
    photos = [...special, ...(await holiday(FILES - special.length, LARGE))];
    for (const photo of photos) await writePhoto(folder, photo);
  }, 60_000);

  afterAll(async () => {
    await underTest.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  testWithCli(
    title,
    async () => {
      await copyWithCli(underTest, folder);
      const events = await doubleEveryEvent(underTest.clients.sqs, underTest.pipeline.queueUrl);
      expect(events.size).toBe(FILES);
      expect(
        [...events.values()].filter((name) => name.endsWith('CompleteMultipartUpload')),
      ).toHaveLength(LARGE);

      await underTest.scale();
      await eventually(() => underTest.jobs.length >= 40);
      const [first, second] = underTest.runner
        .tasks()
        .filter((task) => task.lastStatus === 'RUNNING');
      if (!first || !second) throw new Error('fewer than two tasks are running');
      underTest.runner.killTask(first.taskArn, 'SIGKILL');
      await eventually(() => underTest.jobs.length >= 100);
      underTest.runner.killTask(second.taskArn, 'SIGTERM');
      await underTest.quiet();

      const ended = (arn: string) =>
        underTest.runner.tasks().find(({ taskArn }) => taskArn === arn)?.exitCode;
      expect({ killed: ended(first.taskArn), drained: ended(second.taskArn) }).toEqual({
        killed: 137,
        drained: 0,
      });
      expect(underTest.runner.tasks().length).toBeGreaterThan(2);
      const outcome = await readOutcome(underTest.clients, underTest.pipeline);
      expect(await brokenPromises(photos, outcome, underTest.pipeline)).toEqual([]);
    },
    150_000,
  );
});

async function writePhoto(folder: string, photo: Photo): Promise<void> {
  const file = join(folder, photo.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, photo.body);
}

async function copyWithCli(
  { environment, pipeline }: PipelineUnderTest,
  folder: string,
): Promise<void> {
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

/** Sends every message of the queue once more; returns the event names by key. */
async function doubleEveryEvent(sqs: SQS, queueUrl: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const receipts: string[] = [];
  while (names.size < FILES) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 300,
    });
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      receipts.push(ReceiptHandle);
      for (const record of JSON.parse(Body).Records ?? [])
        names.set(record.s3.object.key, record.eventName);
      await sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: Body, DelaySeconds: 5 });
    }
  }
  for (const ReceiptHandle of receipts) {
    await sqs.changeMessageVisibility({
      QueueUrl: queueUrl,
      ReceiptHandle,
      VisibilityTimeout: 0,
    });
  }
  return names;
}
