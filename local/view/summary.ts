import { shownDollars } from '../../contract/bill';
import { PRICES } from '../../contract/prices';
import {
  ignoredSentence,
  printableName,
  skippedSentence,
  unannouncedSentence,
} from '../../folder/skipped';
import { byteSize, duration } from '../../text/units';
import { pluralize } from '../../text/words';
import { type Paint, plain } from './paint';
import { isComplete, leftOutByRecipe, type Report } from './report';

const LISTED = 20;

const printable = (text: string) => printableName(Buffer.from(text));

/** The lines that are printed at the end of a run. */
export function summaryLines(report: Report, paint: Paint = plain): string[] {
  return [
    ...headline(report, paint),
    '',
    ...figures(report),
    ...deadLetters(report, paint),
    ...skippedOutputs(report, paint),
    ...leftOutOfDataset(report, paint),
    ...listed('Wrong in the dataset', problemsOf(report), problemsOf(report).length, paint),
    ...listed('Left out', report.skipped.first.map(skippedSentence), report.skipped.count, paint),
    ...listed('Not fetched', report.notCollected, report.notCollected.length, paint),
    ...unbalanced(report, paint),
    ...renamed(report, paint),
    ...cost(report, paint),
    ...(report.page === undefined
      ? []
      : ['', `${report.dataset ? 'Samples by class' : 'Before and after'}: ${report.page}`]),
  ];
}

function headline(report: Report, paint: Paint): string[] {
  const { balance } = report;
  const because = report.because === undefined ? [] : [paint('red', report.because)];
  const letters = pluralize(balance.deadLettered, 'dead letter');
  const sum = `${pluralize(balance.uploaded, 'object')} uploaded = ${made(report)} + ${letters}`;
  if (isComplete(report)) return ['', paint('green', `✔ ${sum}`)];
  if (report.end === 'complete' && balance.holds) {
    const files = pluralize(report.skipped.count, 'file was', 'files were');
    return ['', paint('yellow', `${sum}, but ${files} left out`)];
  }
  const words = {
    complete: 'Not everything is accounted for',
    stopped: 'Stopped before the end',
    stalled: 'Nothing moves any longer',
    broken: 'Broken off',
  };
  const state = `${balance.uploaded} uploaded, ${made(report)}, ${letters}`;
  return ['', paint('red', `✘ ${words[report.end]}: ${state}`), ...because];
}

/** What has become of the objects that are no dead letters. */
function made(report: Report): string {
  const { dataset, balance } = report;
  if (!dataset) return `${balance.done} with all outputs`;
  const leftOut = leftOutByRecipe(report);
  const samples = pluralize(balance.done - leftOut, 'sample');
  return leftOut === 0 ? samples : `${samples} + ${leftOut} left out by the recipe`;
}

function figures(report: Report): string[] {
  const { count, suffixes } = report.unannounced;
  const outputs = report.entries.flatMap((entry) => entry.outputs);
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const read = report.entries.reduce((sum, entry) => sum + entry.file.bytes, 0);
  const tasks = report.tasks.map((use) => {
    const failed = use.failed > 0 ? `, ${use.failed} failed` : '';
    return `${use.count} ${use.capacityProvider} (${duration(use.seconds)}${failed})`;
  });
  return [
    `Objects       ${report.balance.uploaded.toLocaleString('en-US')} (${byteSize(read)})`,
    report.dataset
      ? `Shards        ${report.dataset.shards.toLocaleString('en-US')} ` +
        `(${byteSize(report.dataset.bytes)}) in ${report.out}`
      : `Outputs       ${outputs.length.toLocaleString('en-US')} (${byteSize(bytes)}) in ` +
        report.out,
    `Dead letters  ${report.balance.deadLettered.toLocaleString('en-US')}`,
    `Tasks         ${tasks.length > 0 ? tasks.join(', ') : 'none'}`,
    `Time          ${duration(report.seconds)}`,
    ...[ignoredSentence(report.ignored)].filter(Boolean),
    ...(count > 0 ? [unannouncedSentence(count, suffixes)] : []),
  ];
}

function deadLetters(report: Report, paint: Paint): string[] {
  const letters = report.entries.flatMap((entry) =>
    entry.deadLetters.slice(0, 1).map((letter) => {
      const name = printable(entry.file.relativePath);
      return `${name}: ${letter.code}: ${letter.message}`;
    }),
  );
  return listed('Dead letters', letters, letters.length, paint);
}

/** Outputs that cannot be made, and that the recipe makes optional. */
function skippedOutputs(report: Report, paint: Paint): string[] {
  const lines = report.entries.flatMap(({ file, skipped }) =>
    skipped.map(({ because }) => `${file.relativePath}: ${because}`),
  );
  return listed('Skipped outputs', lines, lines.length, paint);
}

function leftOutOfDataset(report: Report, paint: Paint): string[] {
  const lines = report.entries.flatMap(({ file, sample }) =>
    sample?.kind === 'left-out' ? [`${file.relativePath}: ${sample.because}`] : [],
  );
  return listed('Left out by the recipe', lines, lines.length, paint);
}

const problemsOf = ({ dataset }: Report) => dataset?.problems ?? [];

/** A run that was cut short counts its unfinished objects and does not list them. */
function unbalanced({ balance, end, dataset }: Report, paint: Paint): string[] {
  if (isCutShort(end) && balance.neither.length > 0)
    return ['', `Without output or dead letter: ${pluralize(balance.neither.length, 'object')}`];
  const lines = [
    ...balance.both.map(
      (key) => `${key} has ${dataset ? 'its sample' : 'all its outputs'} and a dead letter, too`,
    ),
    ...balance.neither.map(
      ({ key, missing }) => `${key} has no dead letter, and these are missing: ${missing}`,
    ),
    ...balance.strangers.map(
      (letter) =>
        `a dead letter of no uploaded object: ${letter.key ?? letter.messageId} (${letter.code})`,
    ),
  ];
  return listed('Not accounted for', lines, lines.length, paint);
}

const isCutShort = (end: Report['end']) => end === 'stopped' || end === 'broken';

function renamed(report: Report, paint: Paint): string[] {
  const lines = report.entries
    .flatMap((entry) => entry.outputs)
    .flatMap((one) =>
      one.renamed === undefined ? [] : [`${one.key} is ${one.path} (${one.renamed})`],
    );
  return listed('Under other names', lines, lines.length, paint);
}

function cost({ cost, end }: Report, paint: Paint): string[] {
  if (isCutShort(end)) return [];
  const dollars = paint('bold', shownDollars(cost.dollars));
  return [
    '',
    `The same run on AWS would have cost about ${dollars} (${PRICES.region}, without free tiers):`,
    ...cost.lines.map((line) => `  ${shownDollars(line.dollars).padEnd(11)} ${line.what}`),
    paint('dim', `  Prices of ${PRICES.asOf}: ${cost.lines.map((line) => line.price).join('; ')}.`),
  ];
}

function listed(title: string, lines: readonly string[], count: number, paint: Paint): string[] {
  if (count === 0) return [];
  const more = count > LISTED ? [`  … and ${pluralize(count - LISTED, 'other')}`] : [];
  return [
    '',
    paint('bold', `${title}:`),
    ...lines.slice(0, LISTED).map((line) => `  ${printable(line)}`),
    ...more,
  ];
}
