import type { Command } from 'commander';
import { pluralize } from '../../../text/words';
import { findLetters, reportEnd, reportHidden } from '../../dead-letters/find-letters';
import type { Letter } from '../../dead-letters/letter';
import {
  addFilterOptions,
  type FilterOptions,
  filterInWords,
  isFiltered,
} from '../../dead-letters/letter-filter';
import { inTwoTries, scanQueue } from '../../dead-letters/scan';
import type { Queue } from '../../ports/queues';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../../target/target';
import { withDeployed } from '../../target/with-deployed';
import { RefusalError, UsageError } from '../../terminal/failures';
import { progressBar } from '../../terminal/live-output';
import type { Session } from '../../terminal/session';

interface PurgeOptions extends TargetOptions, FilterOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  npx spillway dlq purge -e dev --dry-run
  npx spillway dlq purge -e dev --fault UnsupportedFormat     asks for the pipeline's name
  npx spillway dlq purge -e dev --older-than 7d --yes --json  for scripts

The objects of deleted letters have neither outputs nor a dead letter; only \`npx spillway
reconcile\` finds them. Without a filter SQS empties the queue at once: letters that are hidden
go as well, and those that come until a minute after the answer. With one, exactly the letters
that were counted are deleted.
Needs sqs:GetQueueUrl and sqs:GetQueueAttributes; without a filter sqs:PurgeQueue, with one
sqs:ReceiveMessage, sqs:ChangeMessageVisibility and sqs:DeleteMessage.`;

/** `spillway dlq purge` */
export function purgeCommand(session: Session): Command {
  const command = targetCommand('purge', {
    summary: 'deletes dead letters permanently',
    description: 'Deletes dead letters permanently, all or those that a filter lets through.',
  });
  return addFilterOptions(command)
    .option('--dry-run', 'only say how many would be deleted')
    .option('-y, --yes', 'do not ask; needed where no one can be asked')
    .addHelpText('after', EXAMPLES)
    .action((options: PurgeOptions) => run(session, options));
}

async function run(session: Session, options: PurgeOptions): Promise<void> {
  const mayAsk = session.askForLine !== undefined && !options.json;
  if (!options.yes && !options.dryRun && !mayAsk)
    throw new UsageError(
      'no one can be asked here: say --yes to delete, or --dry-run to see how many there are.',
    );
  const target = await openTarget(session, options);
  const { account, chosen } = target;
  const queue = await withDeployed(chosen, () => account.queues.open(chosen.deadLetterQueue));
  await (isFiltered(options) ? purgeMatching : empty)(session, target, options, queue);
}

/** Empties the queue, with all letters that are in it by then. */
async function empty(
  session: Session,
  target: Target,
  options: PurgeOptions,
  queue: Queue,
): Promise<void> {
  const { pipeline, environment } = target.chosen;
  const letters = await all(queue);
  if (options.dryRun || letters === 0)
    return sayEmptied(session, target, options, { letters, emptied: false });
  if (!options.yes)
    await confirm(
      session,
      target,
      `This empties the dead-letter queue of ${pipeline} in ${environment} permanently: about ` +
        `${pluralize(letters, 'dead letter')} now, hidden ones counted in, and all that come ` +
        'until a minute after your answer.',
    );
  const last = await all(queue);
  await queue.purge();
  sayEmptied(session, target, options, { letters: last, emptied: true });
}

async function all(queue: Queue): Promise<number> {
  const { backlog, inFlight, delayed } = await queue.depth();
  return backlog + inFlight + delayed;
}

async function purgeMatching(
  session: Session,
  target: Target,
  options: PurgeOptions,
  queue: Queue,
): Promise<void> {
  const { pipeline, environment } = target.chosen;
  const ids = await matching(session, target, options);
  if (options.dryRun || ids.size === 0)
    return say(session, target, options, { purged: 0, matching: ids.size });
  if (!options.yes)
    await confirm(
      session,
      target,
      `This deletes ${pluralize(ids.size, 'dead letter')}${filterInWords(options)} of ` +
        `${pipeline} in ${environment} permanently.`,
    );
  const purged = await purgeThese(session, queue, ids);
  say(session, target, options, { purged, matching: ids.size });
  if (purged < ids.size)
    throw new RefusalError(
      `${pluralize(ids.size - purged, 'letter')} of these could not be deleted: another reader ` +
        'holds them or has taken them. Look again with `npx spillway dlq list`.',
    );
}

/** Ids of the letters that match now; later ones are not deleted. */
async function matching(
  session: Session,
  target: Target,
  options: PurgeOptions,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const onLetter = ({ messageId }: Letter) => void ids.add(messageId);
  const { end } = await findLetters(session, target, { ...options, onLetter });
  reportHidden(end, session);
  reportEnd(end, session);
  return ids;
}

async function confirm(
  session: Session,
  { chosen: { pipeline } }: Target,
  what: string,
): Promise<void> {
  const typed = await session.askForLine?.(`${what}\nType ${pipeline} to do it:`);
  if (typed?.trim() !== pipeline) throw new RefusalError('nothing was deleted.');
}

async function purgeThese(
  session: Session,
  queue: Queue,
  ids: ReadonlySet<string>,
): Promise<number> {
  let purged = 0;
  const end = await scanQueue(queue, {
    stop: session.interruptSignal(),
    now: session.now,
    take: async (messages) => {
      const wanted = messages.filter((message) => ids.has(message.messageId));
      if (wanted.length === 0) return { gone: [] };
      const kept = await inTwoTries(wanted, (some) =>
        queue.remove(some.map((one) => one.receiptHandle)),
      );
      const still = new Set(kept.map(({ entry }) => entry));
      const gone = wanted.filter((one) => !still.has(one)).map(({ messageId }) => messageId);
      purged += gone.length;
      session.showProgress(`purge ${progressBar(purged, ids.size)}`);
      return { gone, isEnough: purged >= ids.size };
    },
  });
  reportEnd(end, session);
  return purged;
}

function say(
  session: Session,
  { chosen }: Target,
  options: PurgeOptions,
  { purged, matching: count }: { readonly purged: number; readonly matching: number },
): void {
  const { environment, pipeline } = chosen;
  const dryRun = options.dryRun ?? false;
  const what = (letters: number) => `${pluralize(letters, 'dead letter')}${filterInWords(options)}`;
  if (options.json) {
    const document = { environment, pipeline, matching: count, purged, dryRun };
    session.print(JSON.stringify(document, undefined, 2));
  } else if (dryRun) session.print(`Would delete ${what(count)}. Nothing was changed.`);
  else
    session.print(
      session.paint('green', `${what(purged)} ${purged === 1 ? 'was' : 'were'} deleted.`),
    );
}

function sayEmptied(
  session: Session,
  { chosen }: Target,
  options: PurgeOptions,
  { letters, emptied }: { readonly letters: number; readonly emptied: boolean },
): void {
  const { environment, pipeline } = chosen;
  const dryRun = options.dryRun ?? false;
  const about = `about ${pluralize(letters, 'dead letter')}`;
  if (options.json) {
    const document = { environment, pipeline, approximateLetters: letters, emptied, dryRun };
    session.print(JSON.stringify(document, undefined, 2));
  } else if (emptied)
    session.print(session.paint('green', `The dead-letter queue was emptied of ${about}.`));
  else if (letters === 0) session.print('There are no dead letters. Nothing was changed.');
  else session.print(`Would empty the dead-letter queue of ${about}. Nothing was changed.`);
}
