import type { Command } from 'commander';
import { printable } from '../../../text/printable';
import { age } from '../../../text/units';
import { findLetters, reportEnd, reportHidden } from '../../dead-letters/find-letters';
import { type Letter, letterAsJson } from '../../dead-letters/letter';
import { addFilterOptions, type FilterOptions } from '../../dead-letters/letter-filter';
import { openTarget, type TargetOptions, targetCommand } from '../../target/target';
import { RefusalError } from '../../terminal/failures';
import { wholeNumber } from '../../terminal/option-values';
import type { Session } from '../../terminal/session';

interface ShowOptions extends TargetOptions, FilterOptions {
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  npx spillway dlq show -e dev --key 'ecsproc/holiday/IMG_1.jpg'
  npx spillway dlq show -e dev --fault WorkerLost --limit 1
  npx spillway dlq show -e dev --json | jq -r '.letters[0].body | fromjson'

Letters are hidden from others for a moment, as by \`npx spillway dlq list\`.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and sqs:ChangeMessageVisibility.`;

/** `spillway dlq show` */
export function showCommand(session: Session): Command {
  const command = targetCommand('show', {
    summary: 'whole dead letters: reason, keys and body',
    description:
      'Shows dead letters as a whole: the fault, the keys, and the body as it was received.',
  });
  return addFilterOptions(command)
    .option('--limit <N>', 'letters at most', wholeNumber(1, 10_000), 10)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ShowOptions) => {
      const target = await openTarget(session, options);
      const { limit } = options;
      const letters: Letter[] = [];
      const { end } = await findLetters(session, target, {
        ...options,
        enough: limit,
        onLetter: (letter) => {
          if (letters.length < limit) letters.push(letter);
        },
      });
      reportHidden(end, session);
      if (letters.length === 0 && end.because === 'all-seen')
        throw new RefusalError(
          'there is no such dead letter: `npx spillway dlq list` shows those that there are.',
        );
      session.print(
        options.json
          ? JSON.stringify({ letters: letters.map(letterAsJson) }, undefined, 2)
          : letters.map((letter) => letterPage(letter, session)).join('\n\n'),
      );
      reportEnd(end, session);
    });
}

function letterPage(letter: Letter, { paint, now }: Pick<Session, 'paint' | 'now'>): string {
  const { messageId, code, message, keys, receiveCount, at, body } = letter;
  return [
    paint('bold', printable(`${code}: ${message}`)),
    ...keys.map((key) => `  key       ${printable(key)}`),
    `  given up  ${new Date(at).toISOString()}, ${age(at, now())}`,
    ...(receiveCount === undefined ? [] : [`  receives  ${receiveCount}`]),
    `  id        ${messageId}`,
    `  body      ${printable(body)}`,
  ].join('\n');
}
