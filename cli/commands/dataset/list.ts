import type { Command } from 'commander';
import { type DatasetFile, readDataset } from '../../../dataset/dataset-file';
import { FOLDER_ARGUMENT, openFolder } from '../../dataset/dataset-folder';
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

With a FOLDER, such as \`npx spillway dataset list ./dataset\`, its paths; AWS is not asked.
Needs ssm:GetParameter, ecs:DescribeTaskDefinition, and s3:GetObject on the destination.`;

/** `spillway dataset list` */
export function listCommand(session: Session): Command {
  return datasetCommand('list', {
    summary: 'the shards of the dataset',
    description: 'Prints the shards of the last generation, one a line.',
  })
    .argument(...FOLDER_ARGUMENT)
    .option('--split <NAME>', 'only those of this split')
    .addHelpText('after', EXAMPLES)
    .action((folder: string | undefined, options: ListOptions) =>
      folder === undefined ? run(session, options) : listFolder(session, folder, options),
    );
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
  const { environment, pipeline } = chosen;
  const address = `s3://${dataset.worker.destination.bucket}/${prefix}`;
  print(session, options, {
    facts: { environment, pipeline, generation: committed.file.generation },
    shards: shardsOf(committed.file, options.split).map(({ key, ...shard }) => ({
      url: `${address}${key}`,
      ...shard,
    })),
  });
}

async function listFolder(session: Session, folder: string, options: ListOptions): Promise<void> {
  const { store, file } = await openFolder(folder, options);
  print(session, options, {
    facts: { folder, generation: file.generation },
    shards: shardsOf(file, options.split).map(({ key, ...shard }) => ({
      url: store.pathOf(key),
      ...shard,
    })),
  });
}

interface Listing {
  readonly facts: object;
  readonly shards: readonly { readonly url: string }[];
}

function print(session: Session, { json }: ListOptions, { facts, shards }: Listing): void {
  if (json) session.print(JSON.stringify({ ...facts, shards }, undefined, 2));
  else for (const { url } of shards) session.print(url);
}

function shardsOf({ shards, splits }: DatasetFile, split?: string): DatasetFile['shards'] {
  const names = splits.splits.map(({ name }) => name);
  if (split !== undefined && !names.includes(split))
    throw new UsageError(`--split must be one of ${names.join(', ')}, but ${split} was given.`);
  return split === undefined ? shards : shards.filter((shard) => shard.split === split);
}
