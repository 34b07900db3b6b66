import type { Command } from 'commander';
import { counted } from '../../counted';
import { findLetters, tellEnd } from '../../dead-letters/find-letters';
import type { Letter } from '../../dead-letters/letter';
import {
  addFilterOptions,
  type FilterOptions,
  filterInWords,
  isFiltered,
} from '../../dead-letters/letter-filter';
import { inTwoTries, passOver } from '../../dead-letters/pass';
import { Refused, UsageError } from '../../failures';
import { lookingIn } from '../../looking-in';
import { type Operated, type OperatorOptions, openPipeline, operatorCommand } from '../../operated';
import type { Queue } from '../../ports';
import { bar } from '../../progress';
import type { Session } from '../../session';

interface PurgeOptions extends OperatorOptions, FilterOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  npx spillway dlq purge --dry-run
  npx spillway dlq purge --fault UnsupportedFormat     asks for the pipeline's name
  npx spillway dlq purge --older-than 7d --yes --json  for scripts

What is purged is gone: its objects have neither renditions nor a dead letter then, and only \`npx spillway
reconcile\` finds them. Without a filter SQS deletes all at once, also letters that come within the next minute.
With one, exactly the letters that were counted are deleted.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:ChangeMessageVisibility and
sqs:DeleteMessage; without a filter sqs:PurgeQueue.`;

/** `spillway dlq purge` */
export function purgeCommand(session: Session): Command {
  const command = operatorCommand('purge', {
    summary: 'deletes dead letters, for good',
    description: 'Deletes dead letters for good, all or those that a filter lets through.',
  });
  return addFilterOptions(command)
    .option('--dry-run', 'only say how many would be deleted')
    .option('-y, --yes', 'do not ask; needed where nobody can be asked')
    .addHelpText('after', EXAMPLES)
    .action((options: PurgeOptions) => run(session, options));
}

async function run(session: Session, options: PurgeOptions): Promise<void> {
  const mayAsk = session.askForLine !== undefined && !options.json;
  if (!options.yes && !options.dryRun && !mayAsk)
    throw new UsageError(
      'nobody can be asked here: say --yes to delete, or --dry-run to see how many there are.',
    );
  const operated = await openPipeline(session, options);
  const ids = await matching(session, operated, options);
  if (options.dryRun || ids.size === 0)
    return say(session, operated, options, { purged: 0, matching: ids.size });
  if (!options.yes) await confirm(session, operated, options, ids.size);
  const { account, chosen } = operated;
  const queue = await lookingIn(chosen, () => account.queues.open(chosen.deadLetterQueue));
  if (!isFiltered(options)) {
    await queue.purge();
    return say(session, operated, options, { purged: ids.size, matching: ids.size });
  }
  const purged = await purgeThese(session, queue, ids);
  say(session, operated, options, { purged, matching: ids.size });
  if (purged < ids.size)
    throw new Refused(
      `${counted(ids.size - purged, 'letter')} of these could not be deleted: somebody else holds them or has taken them. Look again with \`npx spillway dlq list\`.`,
    );
}

/** Ids of the letters that are meant: what comes later is never deleted unseen. */
async function matching(
  session: Session,
  operated: Operated,
  options: PurgeOptions,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const onLetter = ({ messageId }: Letter) => void ids.add(messageId);
  const { end } = await findLetters(session, operated, { ...options, onLetter });
  tellEnd(end, session);
  return ids;
}

async function confirm(
  session: Session,
  { chosen }: Operated,
  options: PurgeOptions,
  count: number,
): Promise<void> {
  const { pipeline, environment } = chosen;
  const typed = await session.askForLine?.(
    `This deletes ${counted(count, 'dead letter')}${filterInWords(options)} of ${pipeline} in ${environment}, for good.\nType ${pipeline} to do it:`,
  );
  if (typed?.trim() !== pipeline) throw new Refused('nothing was deleted.');
}

async function purgeThese(session: Session, queue: Queue, ids: ReadonlySet<string>): Promise<number> {
  let purged = 0;
  const end = await passOver(queue, {
    stop: session.stopping(),
    take: async (messages) => {
      const wanted = messages.filter((message) => ids.has(message.messageId));
      if (wanted.length === 0) return { gone: [] };
      const kept = await inTwoTries(wanted, (some) => queue.remove(some.map((one) => one.receiptHandle)));
      const still = new Set(kept.map(({ entry }) => entry));
      const gone = wanted.filter((one) => !still.has(one)).map(({ messageId }) => messageId);
      purged += gone.length;
      session.progress?.show(`purge ${bar(purged, ids.size)}`);
      return { gone, isEnough: purged >= ids.size };
    },
  });
  session.progress?.clear();
  tellEnd(end, session);
  return purged;
}

function say(
  session: Session,
  { chosen }: Operated,
  options: PurgeOptions,
  { purged, matching: count }: { readonly purged: number; readonly matching: number },
): void {
  const { environment, pipeline } = chosen;
  const dryRun = options.dryRun ?? false;
  const what = (letters: number) => `${counted(letters, 'dead letter')}${filterInWords(options)}`;
  if (options.json) {
    const document = { environment, pipeline, matching: count, purged, dryRun };
    session.print(JSON.stringify(document, undefined, 2));
  } else if (dryRun) session.print(`Would delete ${what(count)}. Nothing was changed.`);
  else session.print(session.paint('green', `${what(purged)} ${purged === 1 ? 'was' : 'were'} deleted.`));
}
