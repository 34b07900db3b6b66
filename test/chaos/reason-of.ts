import { ImageRenderer } from '../../application-code/images/render/renderer';
import { systemClock } from '../../application-code/worker/src/clock';
import { runJob } from '../../application-code/worker/src/job/job';
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
  const limits = { memoryLimitMiB: 512, maxSourceBytes: 1e9, maxSourcePixels: 1e8, maxRenders: 1 };
  const settings = {
    sourceBucket: BUCKET,
    sourcePrefix: '',
    destinationPrefix: 'to/',
    recipe: RECIPE,
  };
  const [result] = await runJob(
    MESSAGE,
    { ...settings, maxSourceBytes: limits.maxSourceBytes },
    {
      sources: sourceOf(body),
      renditions: {
        write: () => Promise.reject(new Error('a rendition came out')),
        probe: async () => undefined,
      },
      renderer: new ImageRenderer({ recipe: RECIPE, ...limits }),
      clock: systemClock,
    },
    new AbortController().signal,
  );
  if (result?.outcome !== 'failed' || result.key !== KEY)
    throw new Error(`Expected a failure but the job is ${result?.outcome}.`);
  return result.fault.message;
}

function sourceOf(body: Buffer): SourceObjects {
  const version = { eTag: '"1"', bytes: body.length };
  return {
    open: async () => ({ ...version, read: async () => body, discard: () => undefined }),
    look: async () => version,
    probe: async () => undefined,
  };
}
