import { type Command, Option } from 'commander';
import type { DatasetBuckets, OpenPorts, Progress } from '../../dataset/ports';
import type { DatasetPlace } from '../../dataset/run';
import { type DeployedWorker, deployedWorker } from '../target/deployed-worker';
import { openTarget, type PipelineOptions, pipelineCommand, type Target } from '../target/target';
import { RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';

export interface DatasetOptions extends PipelineOptions {
  /** A URL, or true: on AWS, but on this machine. */
  readonly local?: string | true;
}

/** A command about the dataset of one pipeline. */
export function datasetCommand(
  name: string,
  texts: { readonly summary: string; readonly description: string },
): Command {
  return pipelineCommand(name, texts).addOption(
    new Option(
      '--local [URL]',
      'with the URL of a local run (`npm start -- --keep` says it): its pipeline instead of AWS; ' +
        'without one: what would be a task is done on this machine',
    ),
  );
}

/** The pipeline of a dataset, with the settings of its deployed worker. */
export interface DatasetTarget {
  readonly target: Target;
  readonly worker: DeployedWorker & { readonly shardSamples: number };
  readonly place: DatasetPlace;
}

/** @throws RefusalError when the pipeline writes objects instead of shards. */
export async function openDatasetTarget(
  session: Session,
  { local, ...options }: DatasetOptions,
): Promise<DatasetTarget> {
  const target = await openTarget(session, {
    ...options,
    ...(typeof local === 'string' && { local }),
  });
  const worker = await deployedWorker(target);
  const { shardSamples, source, sourcePrefix, destinationPrefix } = worker;
  if (shardSamples === undefined)
    throw new RefusalError(
      `${target.chosen.pipeline} writes an object for each output, and so has no dataset: set ` +
        "`destination: { kind: 'shards' }` for it in blueprint.config.ts, and deploy the stacks.",
    );
  const place = {
    prefix: destinationPrefix,
    source: { bucket: source.bucket, prefix: sourcePrefix },
  };
  return { target, worker: { ...worker, shardSamples }, place };
}

/** The buckets of the pipeline, for as long as `use` takes. */
export async function withDataset<Answer>(
  { target, worker, place }: DatasetTarget,
  progress: Progress,
  use: (ports: OpenPorts['ports']) => Promise<Answer>,
): Promise<Answer> {
  const buckets: DatasetBuckets = {
    source: { ...worker.source, prefix: place.source.prefix },
    destination: { ...worker.destination, prefix: place.prefix },
    suffixes: target.chosen.suffixes,
  };
  const { ports, close } = target.account.openDataset(buckets, progress);
  try {
    return await use(ports);
  } finally {
    close();
  }
}
