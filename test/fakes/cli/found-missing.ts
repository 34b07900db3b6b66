import { outputsOf } from '../../../application-code/images/outputs';
import { outputKey } from '../../../application-code/worker/src/job/keys';
import { type FindSettings, findMissing } from '../../../cli/reconcile/find-missing';
import type { DeployedWorker } from '../../../cli/target/deployed-worker';
import type { FakeBuckets } from './fake-buckets';

export const NOW = 1_000_000;
export const worker: DeployedWorker = {
  revision: 'family:1',
  revisionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/family:1',
  source: { bucket: 'source' },
  sourcePrefix: 'in/',
  destination: { bucket: 'destination' },
  destinationPrefix: 'out/',
  longestTaskSeconds: 3_600,
  outputs: outputsOf([
    { name: 'small', width: 1 },
    { name: 'web', width: 2, format: 'webp' },
  ]),
};

export const put = ({ objects }: FakeBuckets, name: string, modifiedAt = NOW, body = 'x') =>
  objects.put(name, body, { modifiedAt });

export function complete(buckets: FakeBuckets, path: string, names = ['small', 'web']) {
  for (const output of worker.outputs.filter(({ name }) => names.includes(name)))
    put(buckets, `destination/${outputKey(`in/${path}`, output, worker)}`);
}

export async function found(buckets: FakeBuckets, more: Partial<FindSettings> = {}) {
  const missing: Record<string, readonly string[]> = {};
  const skipped: Record<string, readonly string[]> = {};
  const outdated: Record<string, readonly string[]> = {};
  const seen: string[] = [];
  let behind = 0;
  for await (const one of findMissing({ buckets, worker, suffixes: [], until: NOW, ...more })) {
    seen.push(one.key);
    if (one.skipped.length > 0) skipped[one.key] = one.skipped;
    if (one.missing) missing[one.key] = one.missing.outputs;
    if (one.missing?.outdated.length) outdated[one.key] = one.missing.outdated;
    behind += one.isOutdated ? 1 : 0;
  }
  return { missing, skipped, outdated, behind, seen };
}
