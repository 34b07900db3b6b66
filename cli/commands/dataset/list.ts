import type { Command } from 'commander';
import { type DatasetFile, readDataset } from '../../../dataset/dataset-file';
import {
  type DatasetOptions,
  datasetCommand,
  openDatasetTarget,
  withDataset,
} from '../../dataset/dataset-target';
import { sameOptions } from '../../target/choose-pipeline';
import { RefusalError, UsageError } from '../../terminal/failures';
import type { Session } from '../../terminal/session';

interface ListOptions extends DatasetOptions {
  readonly split?: string;
}

const EXAMPLES = `
Examples:
  npx spillway dataset list -e dev                  s3:// addresses, one a line
  npx spillway dataset list -e dev --split train
  npx spillway dataset list -e dev | sed 's/.*/pipe:aws s3 cp & -/'     for webdataset
  npx spillway dataset list -e dev --json | jq '.shards[].sha256'

Needs ssm:GetParameter, ecs:DescribeTaskDefinition, and s3:GetObject on the destination.`;

/** `spillway dataset list` */
export function listCommand(session: Session): Command {
  return datasetCommand('list', {
    summary: 'the shards of the dataset',
    description: 'Prints the shards of the last generation, one a line.',
  })
    .option('--split <NAME>', 'only those of this split')
    .addHelpText('after', EXAMPLES)
    .action((options: ListOptions) => run(session, options));
}

async function run(session: Session, options: ListOptions): Promise<void> {
  const dataset = await openDatasetTarget(session, options);
  const { chosen } = dataset.target;
  const { prefix } = dataset.place;
  const committed = await withDataset(
    dataset,
    () => undefined,
    ({ store }) => readDataset(store, prefix),
  );
  if (!committed)
    throw new RefusalError(
      `there is no dataset yet: \`npx spillway dataset finish ${sameOptions(chosen)}\` makes one.`,
    );
  const shards = shardsOf(committed.file, options.split);
  const { environment, pipeline } = chosen;
  const { generation } = committed.file;
  const address = `s3://${dataset.worker.destination.bucket}/${prefix}`;
  const addressed = shards.map(({ key, ...shard }) => ({ url: `${address}${key}`, ...shard }));
  if (options.json)
    session.print(
      JSON.stringify({ environment, pipeline, generation, shards: addressed }, undefined, 2),
    );
  else for (const { url } of addressed) session.print(url);
}

function shardsOf({ shards, splits }: DatasetFile, split?: string): DatasetFile['shards'] {
  const names = splits.splits.map(({ name }) => name);
  if (split !== undefined && !names.includes(split))
    throw new UsageError(`--split must be one of ${names.join(', ')}, but ${split} was given.`);
  return split === undefined ? shards : shards.filter((shard) => shard.split === split);
}
