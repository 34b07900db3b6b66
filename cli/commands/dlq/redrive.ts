import type { Command } from 'commander';
import { counted } from '../../../text/pluralize';
import { reportHidden } from '../../dead-letters/find-letters';
import {
  addFilterOptions,
  type FilterOptions,
  filterInWords,
  isFiltered,
  letterFilter,
} from '../../dead-letters/letter-filter';
import { followMove } from '../../dead-letters/move-all';
import { RedriveBroken, type RedriveResult, redrive } from '../../dead-letters/redrive';
import type { Move, MoveState } from '../../ports';
import { sameOptions } from '../../target/choose-pipeline';
import { invokeScaler } from '../../target/invoke-scaler';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../../target/target';
import { withDeployed } from '../../target/with-deployed';
import { failureSentence } from '../../terminal/failure-sentence';
import { Refused, Stopped } from '../../terminal/failures';
import { progressBar } from '../../terminal/live-output';
import { wholeNumber } from '../../terminal/option-values';
import { createRateLimiter } from '../../terminal/rate-limiter';
import type { Session } from '../../terminal/session';

interface RedriveOptions extends TargetOptions, FilterOptions {
  readonly limit?: number;
  readonly rate: number;
  readonly dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  npx spillway dlq redrive -e dev --dry-run                      how many would be jobs again
  npx spillway dlq redrive -e dev --fault AccessDenied           once the permission is mended
  npx spillway dlq redrive -e dev --limit 10                     tries ten first
  npx spillway dlq redrive -e dev --rate 500                     all of them, as fast as SQS does it

Without a filter SQS moves the letters by itself; Ctrl-C cancels the rest. With a filter, and where the endpoint has
no such call, each is sent to the work queue and then deleted: an end in between makes a job twice, which does no
harm, and loses none. The scaler then runs at once.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility
and sqs:SendMessage; without a filter sqs:StartMessageMoveTask, sqs:ListMessageMoveTasks and
sqs:CancelMessageMoveTask as well; and lambda:InvokeFunction.`;

/** `spillway dlq redrive` */
export function redriveCommand(session: Session): Command {
  const command = targetCommand('redrive', {
    summary: 'makes jobs of dead letters again',
    description:
      'Sends dead letters back to the work queue, all or those that a filter lets through.',
  });
  return addFilterOptions(command)
    .option('--limit <N>', 'letters at most (default: all)', wholeNumber(1, 100_000_000))
    .option('--rate <N>', 'letters a second at most', wholeNumber(1, 500), 100)
    .option('--dry-run', 'only say how many would be sent')
    .addHelpText('after', EXAMPLES)
    .action((options: RedriveOptions) => run(session, options));
}

async function run(session: Session, options: RedriveOptions): Promise<void> {
  const target = await openTarget(session, options);
  const isWhole = !isFiltered(options) && options.limit === undefined && !options.dryRun;
  const started = isWhole ? await startMove(target, options.rate) : undefined;
  if (started) return followToEnd(session, target, options, started);
  if (isWhole)
    session.warn(
      'This endpoint cannot move messages by itself: they are received, sent and deleted.',
    );
  const done = await redriveFiltered(session, target, options).catch((error: unknown) =>
    breakOff(error, target, session),
  );
  if (!options.dryRun && done.redriven > 0) await invokeScaler(target, session);
  say(session, target, options, { ...done, by: 'spillway' });
  reportHidden(done, session);
  reportProblems(done, session);
}

interface Started {
  readonly move: Move;
  /** Letters that somebody had hidden, which SQS does not move. */
  readonly hidden: number;
}

function startMove({ account, chosen }: Target, rate: number): Promise<Started | undefined> {
  const { deadLetterQueue, queue } = chosen;
  return withDeployed(chosen, async () => {
    const { inFlight: hidden } = await (await account.queues.open(deadLetterQueue)).depth();
    const move = await account.queues.moveAll(deadLetterQueue, queue, rate);
    return move && { move, hidden };
  });
}

async function followToEnd(
  session: Session,
  target: Target,
  options: RedriveOptions,
  { move, hidden }: Started,
): Promise<void> {
  let redriven = 0;
  const state = await followMove(
    move,
    session,
    session.interruptSignal(),
    ({ moved, toMove = 0 }) => {
      redriven = moved;
      session.showProgress(`redrive ${progressBar(moved, toMove)}`);
    },
  ).catch((error: unknown) => leaveMove(error, redriven, target, session));
  if (state.moved > 0) await invokeScaler(target, session);
  say(session, target, options, { redriven: state.moved, by: 'sqs', hidden });
  reportHidden({ hidden }, session);
  checkMove(state);
}

async function leaveMove(
  error: unknown,
  redriven: number,
  target: Target,
  session: Session,
): Promise<never> {
  if (redriven > 0) await invokeScaler(target, session);
  throw new Refused(
    `${failureSentence(error) ?? String(error)} About ${againInWords(redriven)}, and SQS goes on moving the others by itself: nothing is lost.`,
    { cause: error },
  );
}

function againInWords(redriven: number): string {
  return `${counted(redriven, 'letter')} ${redriven === 1 ? 'is a job' : 'are jobs'} again`;
}

function checkMove({ status, moved, failure }: MoveState): void {
  if (status === 'FAILED')
    throw new Refused(
      `SQS gave the move up after ${moved} letters (${failure ?? 'it gave no reason'}); the others are dead letters still.`,
    );
  if (status !== 'COMPLETED')
    throw new Stopped(
      `stopped after about ${counted(moved, 'letter')}; the others are dead letters still.`,
    );
}

async function redriveFiltered(
  session: Session,
  { account, chosen }: Target,
  options: RedriveOptions,
): Promise<RedriveResult> {
  const [letters, work] = await withDeployed(chosen, () =>
    Promise.all([account.queues.open(chosen.deadLetterQueue), account.queues.open(chosen.queue)]),
  );
  const done = await redrive({
    letters,
    work,
    isWanted: letterFilter(options, session.now()),
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    perSecond: options.rate,
    isDryRun: options.dryRun ?? false,
    stop: session.interruptSignal(),
    now: session.now,
    rateLimiter: createRateLimiter(options.rate, session),
    onProgress: (redriven, seen, total) =>
      session.showProgress(`looked at ${progressBar(seen, total)}, ${redriven} redriven`),
  });
  return done;
}

async function breakOff(error: unknown, target: Target, session: Session): Promise<never> {
  if (!(error instanceof RedriveBroken)) throw error;
  const { redriven, cause } = error;
  if (redriven === 0) throw cause;
  await invokeScaler(target, session);
  throw new Refused(
    `${failureSentence(cause) ?? String(cause)} ${againInWords(redriven)}, the others are dead letters still: nothing is lost, and at most ten are both. Run the command again.`,
    { cause },
  );
}

interface Told extends Partial<RedriveResult> {
  readonly redriven: number;
  readonly hidden: number;
  readonly by: 'sqs' | 'spillway';
}

function say(session: Session, { chosen }: Target, options: RedriveOptions, told: Told): void {
  const { redriven, by, seen, hidden, duplicated = 0, refused = 0, tooNew = 0 } = told;
  const dryRun = options.dryRun ?? false;
  if (options.json) {
    const { environment, pipeline } = chosen;
    const document = {
      environment,
      pipeline,
      redriven,
      by,
      dryRun,
      duplicated,
      refused,
      tooNew,
      seen: seen ?? null,
      hidden,
    };
    session.print(JSON.stringify(document, undefined, 2));
    return;
  }
  const what = `${counted(redriven, 'dead letter')}${filterInWords(options)}`;
  session.print(
    dryRun
      ? `Would make jobs of ${what} again. Nothing was changed.`
      : session.paint('green', `${what} ${redriven === 1 ? 'is a job' : 'are jobs'} again.`),
  );
  if (tooNew > 0)
    session.print(`${tooNew} came meanwhile and stay: their cause may not be mended.`);
  if (!dryRun && redriven > 0)
    session.print(`To follow them: npx spillway watch ${sameOptions(chosen)}`);
}

function reportProblems(done: RedriveResult, { warn }: Session): void {
  const { because, duplicated, refused, redriven, stillHidden, seen } = done;
  if (duplicated > 0)
    warn(
      `${duplicated} are jobs again but could not be deleted: they are dead letters as well, and can be purged.`,
    );
  if (stillHidden > 0)
    warn(
      `${stillHidden} letters could not be given back at once; they can be seen again within ten minutes.`,
    );
  if (refused > 0)
    throw new Refused(
      `the work queue did not take ${counted(refused, 'letter')}, still in the dead-letter queue: try again.`,
    );
  if (because === 'too-many-in-flight')
    throw new Refused(
      `only ${seen} letters were looked at: SQS hides no more than 120,000 of one queue at a time. Run the command again.`,
    );
  if (because === 'stopped')
    throw new Stopped(
      `stopped after ${counted(redriven, 'letter')}; the others are dead letters still.`,
    );
}
