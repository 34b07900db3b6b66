import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pMap from 'p-map';
import { JobFolder } from '../../application-code/command/run/job-folder';
import { LogBudget } from '../../application-code/command/run/log-budget';
import { Program } from '../../application-code/command/run/program';
import { awsCalls } from '../../application-code/worker/src/aws/client';
import { S3OutputObjects, S3SourceObjects } from '../../application-code/worker/src/aws/s3';
import { SqsWorkQueue } from '../../application-code/worker/src/aws/sqs';
import { systemClock } from '../../application-code/worker/src/clock';
import type { OutputObject } from '../../application-code/worker/src/job/ports';
import {
  DESTINATION_BUCKET,
  DESTINATION_PREFIX,
  SOURCE_BUCKET,
  sourceKey,
  VISIBILITY_TIMEOUT_SECONDS,
} from '../upload-events';
import { JOBS_AT_A_TIME, NOTHING, SUFFIX } from './nothing';
import { answerOrders } from './orders';
import type { Phase } from './report';

const { AWS_ENDPOINT_URL: endpoint = '', QUEUE_URL = '' } = process.env;
const never = () => new AbortController().signal;
const BATCH = 10;
const handles: string[] = [];

/** The phases of a job by the engine's own code, each alone, as many at a time as in a worker. */
async function start(): Promise<void> {
  const settings = { region: 'us-east-1', s3Endpoint: endpoint, sqsEndpoint: endpoint };
  const { s3, sqs } = await awsCalls({ ...settings, jobConcurrency: JOBS_AT_A_TIME }, 'lean');
  const queue = new SqsWorkQueue(sqs, QUEUE_URL, VISIBILITY_TIMEOUT_SECONDS);
  const sources = new S3SourceObjects(s3, { bucket: SOURCE_BUCKET });
  const destination = new S3OutputObjects(s3, { bucket: DESTINATION_BUCKET });
  const concurrency = JOBS_AT_A_TIME;
  const each = (count: number, work: (index: number) => Promise<unknown>) => () =>
    pMap(Array(count).keys(), work, { concurrency });

  answerOrders<Phase>({
    receive: async (_folder, count) => async () => {
      while (handles.length < count)
        for (const { receiptHandle } of await queue.receive(BATCH, 20, never()))
          handles.push(receiptHandle);
    },
    get: async (folder, count) =>
      each(count, async (index) => {
        const source = await sources.open(sourceKey(index, SUFFIX), never());
        if (!source) throw new Error(`There is no object ${index}.`);
        await pipeline(await source.stream(), createWriteStream(join(folder, `${index}`)));
      }),
    folder: async (folder, count) =>
      each(count, async () => (await JobFolder.create(folder, `a${SUFFIX}`, SUFFIX)).remove()),
    spawn: async (folder, count) => {
      const { PATH = '' } = process.env;
      const folders = await pMap(Array(count), () => JobFolder.create(folder, '', SUFFIX));
      return each(count, async (index) => {
        const { path } = folders[index] as JobFolder;
        const seams = { clock: systemClock, budget: new LogBudget(), log: () => undefined };
        const command = { argv: NOTHING.argv, folder: path, environment: { PATH } };
        const { exitCode } = await (await Program.start(command, seams)).end();
        if (exitCode !== 0) throw new Error(`The program ended with ${exitCode}.`);
      });
    },
    put: async (folder, count) => {
      const file = join(folder, 'empty');
      await writeFile(file, '');
      return each(count, (index) => destination.write(outputOf(file, index), never()));
    },
    look: async (_folder, count) =>
      each(count, (index) => sources.look(sourceKey(index, SUFFIX), never())),
    delete: async () => async () => {
      while (handles.length > 0) await queue.acknowledge(handles.splice(0, BATCH));
    },
  });
}

const outputOf = (file: string, index: number): OutputObject => ({
  key: `${DESTINATION_PREFIX}put/${index}${SUFFIX}`,
  body: { file },
  contentType: 'application/octet-stream',
  sourceETag: '"x"',
  metadata: { 'recipe-hash': '00000000' },
});

void start();
