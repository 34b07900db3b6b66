import type { Command } from 'commander';
import { table } from '../../../text/table';
import { age } from '../../../text/units';
import { pluralize } from '../../../text/words';
import {
  findLetters,
  type LetterCounts,
  reportEnd,
  reportHidden,
} from '../../dead-letters/find-letters';
import { type Letter, letterAsJson } from '../../dead-letters/letter';
import {
  addFilterOptions,
  type FilterOptions,
  filterInWords,
} from '../../dead-letters/letter-filter';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../../target/target';
import { wholeNumber } from '../../terminal/option-values';
import type { Session } from '../../terminal/session';

interface ListOptions extends TargetOptions, FilterOptions {
  readonly limit?: number;
}

/** Rows that a person reads; `--json` has all. */
const ROWS = 100;

const EXAMPLES = `
Examples:
  npx spillway dlq list -e dev
  npx spillway dlq list -e dev --fault Undecodable --fault Unattributed --older-than 2h
  npx spillway dlq list -e dev --key 'ecsproc/holiday/**' --limit 1000
  npx spillway dlq list -e dev --json | jq -r '.letters[].keys[]'

\`Unattributed\` is what SQS itself moved: its workers died before they could say anything. SQS
has no way to look without taking: a letter is hidden from others while the list is made, and
visible again at its end, also after Ctrl-C; ten minutes later if this process is killed.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and sqs:ChangeMessageVisibility.`;

/** `spillway dlq list` */
export function listCommand(session: Session): Command {
  const command = targetCommand('list', {
    summary: 'what is in the dead-letter queue, by fault code',
    description: 'Counts the dead letters by fault code and lists them.',
  });
  return addFilterOptions(command)
    .option(
      '--limit <N>',
      `rows at most; all are counted (default: ${ROWS}, with --json all)`,
      wholeNumber(1, 1_000_000),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      const target = await openTarget(session, options);
      const keep = options.limit ?? (options.json ? Number.POSITIVE_INFINITY : ROWS);
      const letters: Letter[] = [];
      const onLetter = (letter: Letter) => {
        if (letters.length < keep) letters.push(letter);
      };
      const found = await findLetters(session, target, { ...options, onLetter });
      session.print(
        options.json
          ? JSON.stringify(asJson(target, found, letters), undefined, 2)
          : asText(target, found, letters, { ...options, ...session }),
      );
      reportHidden(found.end, session);
      reportEnd(found.end, session);
    });
}

function asJson({ chosen }: Target, { counts, end }: LetterCounts, letters: readonly Letter[]) {
  return {
    environment: chosen.environment,
    pipeline: chosen.pipeline,
    total: totalOf(counts),
    byFaultCode: Object.fromEntries(counts),
    hidden: end.hidden,
    isComplete: end.because === 'all-seen',
    letters: letters.map(letterAsJson),
  };
}

const totalOf = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((sum, one) => sum + one, 0);

function asText(
  { chosen }: Target,
  { counts }: LetterCounts,
  letters: readonly Letter[],
  { paint, now, columns, ...options }: FilterOptions & Pick<Session, 'paint' | 'now' | 'columns'>,
): string {
  const total = totalOf(counts);
  const byCount = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${count} ${code}`);
  const cells = letters.map(({ at, code, keys, message }) => [
    age(at, now()),
    code,
    keys.length > 1 ? `${keys[0]} and ${keys.length - 1} more` : (keys[0] ?? '-'),
    message,
  ]);
  const [head = '', ...rows] = table([['AGE', 'FAULT', 'KEY', 'WHY'], ...cells], columns);
  return [
    paint('bold', `${pluralize(total, 'dead letter')}${filterInWords(options)}`) +
      paint('dim', ` (${chosen.pipeline} in ${chosen.environment})`),
    ...(total > 0 ? [byCount.join(', '), '', paint('dim', head), ...rows] : []),
    ...(letters.length < total
      ? [`… and ${total - letters.length} more: --limit ${total} shows them.`]
      : []),
  ].join('\n');
}
