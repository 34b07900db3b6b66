import type { FinishedLine, ResultLine, VerifiedLine } from '../../dataset/run';
import { byteSize } from '../../text/units';
import { pluralize } from '../../text/words';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';

/** What a run has done, in words. */
export function resultPage(result: ResultLine, chosen: TargetPipeline): string {
  return result.event === 'dataset-finished' ? finishedPage(result, chosen) : verifiedPage(result);
}

function finishedPage(result: FinishedLine, chosen: TargetPipeline): string {
  const { generation, isNew, shards, shardsWritten, bytes, counts, classes } = result;
  const splits = Object.entries(counts.bySplit);
  const facts = [
    ...(splits.length > 1
      ? [splits.map(([name, samples]) => `${name} ${samples.toLocaleString('en-US')}`).join(', ')]
      : []),
    ...(classes > 0 ? [pluralize(classes, 'class', 'classes')] : []),
    ...(counts.withoutLabel > 0 && classes > 0
      ? [`${pluralize(counts.withoutLabel, 'sample')} without a label`]
      : []),
    ...(counts.leftOut > 0 ? [`${pluralize(counts.leftOut, 'source')} left out by a filter`] : []),
    ...(counts.nearDuplicates > 0
      ? [`${pluralize(counts.nearDuplicates, 'near-duplicate')} left out`]
      : []),
    ...(counts.deleted > 0 ? [`${pluralize(counts.deleted, 'source')} deleted since`] : []),
    ...(result.withoutPictureHash > 0
      ? [
          `${pluralize(result.withoutPictureHash, 'sample')} without a perceptual hash, which ` +
            'were not compared',
        ]
      : []),
    ...(result.partsRemoved !== undefined
      ? [`${pluralize(result.partsRemoved, 'part')} removed after a verification`]
      : []),
  ];
  return [
    isNew
      ? `Generation ${generation} is the dataset: ${pluralize(counts.samples, 'sample')} in ` +
        `${pluralize(shards, 'shard')} (${byteSize(bytes)}), ` +
        `${shardsWritten} of them new.`
      : `Nothing has changed since generation ${generation}: ` +
        `${pluralize(counts.samples, 'sample')} in ${pluralize(shards, 'shard')}.`,
    ...facts.map((fact) => `  ${fact}`),
    ...lackingLines(result, chosen),
  ].join('\n');
}

function lackingLines({ counts, lackingExamples }: FinishedLine, chosen: TargetPipeline): string[] {
  if (counts.lacking === 0) return [];
  const some = lackingExamples.join(', ') + (counts.lacking > lackingExamples.length ? ', …' : '');
  return [
    `  ${pluralize(counts.lacking, 'source')} without a sample of ${
      counts.lacking === 1 ? 'its' : 'their'
    } newest version (${some}): they wait, have a dead letter, or were never announced. ` +
      `\`npx spillway reconcile ${sameOptions(chosen)} --enqueue\` makes jobs of the last ones.`,
  ];
}

/** What a verification has read and found. */
export function verifiedPage(result: VerifiedLine): string {
  const { generation, shards, samples, files, bytes, problems } = result;
  const read =
    `generation ${generation}: ${pluralize(samples, 'sample')} in ${pluralize(shards, 'shard')}, ` +
    `${pluralize(files, 'file')}, ${byteSize(bytes)} read`;
  if (problems.length === 0) return `Nothing is wrong with ${read}.`;
  return [
    `${pluralize(problems.length, 'problem')} in ${read}:`,
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}
