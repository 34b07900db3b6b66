import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseSplits } from '../../../dataset/plan/splits';
import { type FinishRequest, MOST_SAMPLES } from '../../../dataset/request';
import { MOST_DUPLICATE_BITS } from '../../../dataset/rows/near-duplicates';
import {
  type DatasetOptions,
  type DatasetTarget,
  datasetCommand,
  openDatasetTarget,
} from '../../dataset/dataset-target';
import { runDataset } from '../../dataset/run-dataset';
import { UsageError } from '../../terminal/failures';
import { wholeNumber } from '../../terminal/option-values';
import type { Session } from '../../terminal/session';

interface FinishOptions extends DatasetOptions {
  readonly samples?: number;
  readonly shuffle?: string | true;
  readonly splits?: string;
  readonly splitBy: 'hash' | 'ratio';
  readonly withoutDeleted?: boolean;
  readonly nearDuplicates?: number;
  readonly recipe?: string;
  readonly removeParts?: boolean;
}

/** Of `--shuffle` without a seed: the same samples then have the same order each time. */
const DEFAULT_SEED = '0';

const EXAMPLES = `
Examples:
  npx spillway dataset finish -e dev
  npx spillway dataset finish -e dev --shuffle 42 --splits train=0.8,validation=0.1,test=0.1
  npx spillway dataset finish -e dev --remove-parts        verifies, then removes the parts
  npx spillway dataset finish -e dev --near-duplicates 4   needs \`perceptualHash: true\`
  npx spillway dataset finish --local http://127.0.0.1:41234

Takes of each key the sample of the version that the source bucket has, once, and writes even
shards with a Parquet index, below \`shards/\` of the destination. \`dataset.json\` lists them. It
is written last, so that a reader sees a whole dataset or the one before. Shards that stay as they
are are not written again; with --shuffle all are. A run that was killed continues: say the same
again.
Runs as a task of the pipeline's own image on the cluster, with a role of its own; with --local on
this machine.
Needs ssm:GetParameter, ecs:DescribeTaskDefinition, lambda:GetFunctionConfiguration, ecs:RunTask,
ecs:DescribeTasks, iam:PassRole and logs:GetLogEvents; with --local s3:ListBucket on both buckets,
and s3:GetObject, s3:PutObject and (with --remove-parts) s3:DeleteObject on the destination.`;

/** `spillway dataset finish` */
export function finishCommand(session: Session): Command {
  return datasetCommand('finish', {
    summary: 'makes even shards of the parts',
    description: 'Makes the parts that the tasks have written into a dataset of even shards.',
  })
    .option(
      '--samples <N>',
      "of each shard; without it those of the pipeline's settings",
      samplesOf,
    )
    .option('--shuffle [SEED]', 'in an order that follows from the seed and the keys')
    .option('--splits <SHARES>', 'such as train=0.8,validation=0.1,test=0.1')
    .addOption(
      new Option(
        '--split-by <RULE>',
        'hash: a key stays in its split while the dataset grows; ratio: the shares are exact',
      )
        .choices(['hash', 'ratio'])
        .default('hash'),
    )
    .option('--without-deleted', 'leave out samples whose source is gone')
    .option(
      '--near-duplicates <BITS>',
      'leave out pictures that differ from another one in at most this number of 64 bits',
      wholeNumber(0, MOST_DUPLICATE_BITS),
    )
    .option('--recipe <HASH>', 'of the parts to take, where there are several', recipeHashOf)
    .option('--remove-parts', 'verify the dataset, and remove the parts that it has')
    .addHelpText('after', EXAMPLES)
    .action(async (options: FinishOptions) => {
      const dataset = await openDatasetTarget(session, options);
      await runDataset(session, dataset, { request: requestOf(options, dataset), options });
    });
}

const samplesOf = wholeNumber(1, MOST_SAMPLES);

function recipeHashOf(text: string): string {
  if (/^[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 12 hexadecimal digits, as `dataset status` shows.');
}

function requestOf(options: FinishOptions, { worker }: DatasetTarget): FinishRequest {
  const { samples, shuffle, nearDuplicates, recipe } = options;
  return {
    action: 'finish',
    samplesPerShard: samples ?? worker.shardSamples,
    ...(shuffle !== undefined && { seed: shuffle === true ? DEFAULT_SEED : shuffle }),
    ...splitsOf(options),
    ...(options.withoutDeleted && { withoutDeleted: true }),
    ...(nearDuplicates !== undefined && { nearDuplicates }),
    ...(recipe !== undefined && { recipe }),
    ...(options.removeParts && { removeParts: true }),
  };
}

function splitsOf({ splits, splitBy }: FinishOptions): Pick<FinishRequest, 'splits'> {
  if (splits === undefined) return {};
  try {
    const rule = parseSplits(splits, splitBy);
    return { splits: { by: rule.by, splits: [...rule.splits] } };
  } catch (error) {
    throw new UsageError(`--${(error as Error).message}`);
  }
}
