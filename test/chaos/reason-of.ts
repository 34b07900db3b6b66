import { Readable } from 'node:stream';
import { outputsOf } from '../../application-code/images/outputs';
import { workload } from '../../application-code/images/workload';
import { systemClock } from '../../application-code/worker/src/clock';
import { runJob } from '../../application-code/worker/src/job/job';
import { readMessage } from '../../application-code/worker/src/job/messages';
import type { SourceObjects } from '../../application-code/worker/src/job/ports';

const KEY = 'a';
const BUCKET = 'sources';
const RECIPE = [{ name: 'small', width: 32 }];
const MESSAGE = JSON.stringify({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: BUCKET }, object: { key: KEY } },
    },
  ],
});

/** What a worker says of a file that is no picture, when it has no other work meanwhile. */
export async function reasonOf(body: Buffer): Promise<string> {
  const limits = {
    memoryLimitMiB: 512,
    maxSourceBytes: 1e9,
    jobTimeoutSeconds: 60,
    maxProcesses: 1,
  };
  const own = { maxSourcePixels: 1e8, failOn: 'error' };
  const processor = await workload.createProcessor(RECIPE, { ...limits, settings: own });
  const settings = {
    sourceBucket: BUCKET,
    sourcePrefix: '',
    destinationPrefix: 'to/',
    outputs: outputsOf(RECIPE),
    maxSourceBytes: limits.maxSourceBytes,
  };
  const destination = {
    write: () => Promise.reject(new Error('a rendition came out')),
    probe: async () => undefined,
  };
  const [result] = await runJob(readMessage(MESSAGE, settings), {
    settings,
    ports: { sources: sourceOf(body), destination, processor, clock: systemClock },
    signal: new AbortController().signal,
    onWrite: () => undefined,
  });
  if (result?.outcome !== 'failed' || result.key !== KEY)
    throw new Error(`Expected a failure but the job is ${result?.outcome}.`);
  return result.fault.message;
}

function sourceOf(body: Buffer): SourceObjects {
  const version = { eTag: '"1"', bytes: body.length };
  return {
    open: async () => ({
      ...version,
      read: async () => body,
      stream: async () => Readable.from([body]),
      discard: () => undefined,
    }),
    look: async () => version,
    probe: async () => undefined,
  };
}
