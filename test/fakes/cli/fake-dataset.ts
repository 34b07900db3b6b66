import type { Account } from '../../../cli/ports/account';
import type { DatasetLaunch } from '../../../cli/ports/dataset-tasks';
import { parseArgument } from '../../../dataset/request';
import { runRequest } from '../../../dataset/run';
import { DatasetUnderTest } from '../dataset/dataset-under-test';
import { MemorySpool } from '../dataset/rows';
import { fakePipeline, workerRevision } from './fake-pipeline';

const TASK = 'arn:aws:ecs:eu-central-1:123456789012:task/spillway-dev/0123abcd';

/**
 * The pipeline `photos` of `dev` with a destination of shards, and a cluster whose tasks do what
 * they are asked.
 */
export function fakeDataset(variables: Readonly<Record<string, string>> = {}) {
  const { pipeline, account, buckets } = fakePipeline();
  pipeline.worker = workerRevision({
    DESTINATION_KIND: 'shards',
    SHARD_SAMPLES: '3',
    ...variables,
  });
  const world = new DatasetUnderTest('processed/');
  const cluster = {
    launches: [] as DatasetLaunch[],
    /** Lines of the task's log. */
    lines: [] as string[],
    exitCode: 0,
    /** Looks until the task has stopped. */
    looks: 2,
    refusal: undefined as string | undefined,
    /** What a task does; tests change it. */
    run: async (launch: DatasetLaunch): Promise<void> => {
      const { request } = parseArgument(launch.command[1]);
      const result = await runRequest(portsOf(world), request, { place: PLACE, now: () => 0 });
      cluster.lines.push('{"event":"shards-written","shards":1,"of":2}', JSON.stringify(result));
    },
  };
  const datasetTasks: Account['datasetTasks'] = {
    launch: async (launch) => {
      if (cluster.refusal)
        return { kind: 'refused', because: cluster.refusal, isLasting: false } as const;
      cluster.launches.push(launch);
      await cluster.run(launch);
      return { kind: 'accepted', taskArn: TASK } as const;
    },
    look: async () => {
      cluster.looks -= 1;
      const isStopped = cluster.looks <= 0;
      const containers = isStopped ? [{ name: 'worker', exitCode: cluster.exitCode }] : [];
      return { isStopped, containers };
    },
    tail: async () => cluster.lines,
  };
  const openDataset: Account['openDataset'] = (_buckets, progress) => ({
    ports: { ...portsOf(world), progress },
    close: () => undefined,
  });
  return { world, cluster, buckets, account: { ...account, datasetTasks, openDataset } };
}

const PLACE = { prefix: 'processed/', source: { bucket: 'source', prefix: 'ecsproc/' } };

function portsOf({ store, sources }: DatasetUnderTest) {
  async function* list() {
    for (const key of sources.keys()) yield { key, eTag: sources.get(key)?.eTag ?? '' };
  }
  return { store, sources: { list }, spool: new MemorySpool() };
}
