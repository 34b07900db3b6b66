import type { DatasetStatus, OpenGeneration } from '../../dataset/status';
import { table } from '../../text/table';
import { age, byteSize } from '../../text/units';
import { pluralize } from '../../text/words';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import type { Session } from '../terminal/session';

export function statusPage(
  chosen: TargetPipeline,
  status: DatasetStatus,
  { now, columns }: Pick<Session, 'now' | 'columns'>,
): string {
  const { pipeline, environment, region } = chosen;
  const rows = [
    ...datasetRows(status, now()),
    ...waitingRows(status),
    ...status.open.map((one) => ['not finished', openInWords(one, now())]),
    ...leftoverRows(status),
  ];
  const finish = `npx spillway dataset finish ${sameOptions(chosen)}`;
  return [
    `${pipeline} in ${environment} (${region})`,
    '',
    ...table(rows, columns),
    ...(status.waiting.length > 0 ? ['', `\`${finish}\` takes the parts that wait.`] : []),
    ...(status.waiting.length > 1
      ? ['They are of several recipes: finish says which sources have only an older one.']
      : []),
  ].join('\n');
}

function datasetRows({ dataset }: DatasetStatus, now: number): string[][] {
  if (!dataset) return [['dataset', 'none yet']];
  const { generation, createdAt, counts, shards, recipeHash } = dataset;
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const splits = Object.entries(counts.bySplit);
  return [
    ['dataset', `generation ${generation}, ${age(Date.parse(createdAt), now)}`],
    [
      '',
      `${pluralize(counts.samples, 'sample')} in ${pluralize(shards.length, 'shard')}, ` +
        `${byteSize(bytes)}, recipe ${recipeHash}`,
    ],
    ...(splits.length > 1
      ? [
          [
            '',
            splits
              .map(([name, samples]) => `${name} ${samples.toLocaleString('en-US')}`)
              .join(', '),
          ],
        ]
      : []),
  ];
}

function waitingRows({ waiting }: DatasetStatus): string[][] {
  if (waiting.length === 0) return [['waiting', 'no part']];
  return waiting.map(({ recipeHash, parts, samples, leftOut, bytes, first, last }, at) => [
    at === 0 ? 'waiting' : '',
    `${pluralize(parts, 'part')} of recipe ${recipeHash}: ${pluralize(samples, 'sample')}, ` +
      `${byteSize(bytes)}${leftOut > 0 ? `, ${leftOut} left out by a filter` : ''}, ` +
      `opened ${first}Z to ${last}Z`,
  ]);
}

function openInWords(open: OpenGeneration, now: number): string {
  const { generation, shards, shardsWritten, lastWriteAt } = open;
  const done = shards === undefined ? `${shardsWritten}` : `${shardsWritten} of ${shards}`;
  return (
    `generation ${generation}: ${done} shards written, the last one ${age(lastWriteAt, now)}; ` +
    'a finish runs, or was ended and continues when it is run again'
  );
}

function leftoverRows({ removable, withoutIndex, unused }: DatasetStatus): string[][] {
  return [
    ...(removable > 0
      ? [
          [
            'parts',
            `${pluralize(removable, 'part')} that the dataset has: --remove-parts removes them`,
          ],
        ]
      : []),
    ...(withoutIndex > 0
      ? [['', `${pluralize(withoutIndex, 'tar')} without an index: written now, or of a lost task`]]
      : []),
    ...(unused.objects > 0
      ? [
          [
            'unused',
            `${pluralize(unused.objects, 'object')} of earlier generations, ` +
              `${byteSize(unused.bytes)}, which nothing removes`,
          ],
        ]
      : []),
  ];
}
