import { outputsOf } from '../../application-code/images/outputs';
import { workload } from '../../application-code/images/workload';
import { systemClock } from '../../application-code/worker/src/clock';
import { runJob } from '../../application-code/worker/src/job/job';
import { readMessage } from '../../application-code/worker/src/job/messages';
import { s3Event } from '../fakes/worker/events';
import { FakeSources } from '../fakes/worker/fake-buckets';

const KEY = 'a';
const RECIPE = [{ name: 'small', width: 32 }];

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
    sourceBucket: 'photos',
    sourcePrefix: '',
    destinationPrefix: 'to/',
    outputs: outputsOf(RECIPE),
    maxSourceBytes: limits.maxSourceBytes,
  };
  const sources = new FakeSources();
  sources.put(KEY, body);
  const destination = {
    write: () => Promise.reject(new Error('a rendition came out')),
    probe: async () => undefined,
  };
  const [result] = await runJob(readMessage(s3Event(KEY), settings), {
    settings,
    ports: { sources, destination, processor, clock: systemClock },
    signal: new AbortController().signal,
    onWrite: () => undefined,
  });
  if (result?.outcome !== 'failed' || result.key !== KEY)
    throw new Error(`Expected a failure but the job is ${result?.outcome}.`);
  return result.fault.message;
}
