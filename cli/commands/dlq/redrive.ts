import type { Command } from 'commander';
import { addFilterOptions, isFiltered, letterFilter } from '../../dead-letters/letter-filter';
import { RedriveError, redrive } from '../../dead-letters/redrive';
import {
  brokenMove,
  brokenRedrive,
  failureOfMove,
  failureOfRedrive,
  printRedrive,
  type RedriveOptions,
  type RedriveReport,
} from '../../dead-letters/redrive-report';
import type { Move, MoveState } from '../../ports/queues';
import { invokeScaler } from '../../target/scaler-runs';
import { openTarget, type Target, targetCommand } from '../../target/target';
import { withDeployed } from '../../target/with-deployed';
import { progressBar } from '../../terminal/live-output';
import { wholeNumber } from '../../terminal/option-values';
import { createRateLimiter } from '../../terminal/rate-limiter';
import type { Session } from '../../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway dlq redrive -e dev --dry-run                      how many would be jobs again
  npx spillway dlq redrive -e dev --fault AccessDenied           once the permission is fixed
  npx spillway dlq redrive -e dev --limit 10                     tries ten first
  npx spillway dlq redrive -e dev --rate 500                     all of them, as fast as SQS does it

Without a filter SQS moves the letters by itself; Ctrl-C cancels the rest. With a filter, and
where the endpoint has no such call, each is sent to the work queue and then deleted: an end in
between makes a job twice, which does no harm, and loses none. The scaler then runs at once.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:DeleteMessage,
sqs:ChangeMessageVisibility and sqs:SendMessage; without a filter sqs:StartMessageMoveTask,
sqs:ListMessageMoveTasks and sqs:CancelMessageMoveTask as well; and lambda:InvokeFunction.`;

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
  const report = await redriveLetters(session, target, options);
  if (!options.dryRun && report.redriven > 0) await invokeScaler(target, session);
  if (!report.isBroken) printRedrive(session, target.chosen, options, report);
  if (report.failure) throw report.failure;
}

async function redriveLetters(
  session: Session,
  target: Target,
  options: RedriveOptions,
): Promise<RedriveReport> {
  const isWhole = !isFiltered(options) && options.limit === undefined && !options.dryRun;
  const report = isWhole ? await moveAll(session, target, options.rate) : undefined;
  if (report) return report;
  if (isWhole)
    session.warn('This endpoint has no call that moves messages: each is sent, then deleted.');
  return sendLetters(session, target, options);
}

async function sendLetters(
  session: Session,
  { account, chosen }: Target,
  options: RedriveOptions,
): Promise<RedriveReport> {
  const [letters, work] = await withDeployed(chosen, () =>
    Promise.all([account.queues.open(chosen.deadLetterQueue), account.queues.open(chosen.queue)]),
  );
  const settings = {
    letters,
    work,
    isWanted: letterFilter(options, session.now()),
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    perSecond: options.rate,
    isDryRun: options.dryRun ?? false,
    stop: session.interruptSignal(),
    now: session.now,
    rateLimiter: createRateLimiter(options.rate, session),
    onProgress: (redriven: number, seen: number, total: number) =>
      session.showProgress(`looked at ${progressBar(seen, total)}, ${redriven} redriven`),
  };
  try {
    const result = await redrive(settings);
    return { by: 'spillway', ...result, ...failureOfRedrive(result) };
  } catch (error) {
    if (!(error instanceof RedriveError)) throw error;
    if (error.redriven === 0) throw error.cause;
    const { redriven } = error;
    return { by: 'spillway', redriven, hidden: 0, isBroken: true, failure: brokenRedrive(error) };
  }
}

const LOOK_EVERY_MILLISECONDS = 1_000;
const UNDER_WAY = new Set(['RUNNING', 'CANCELLING']);

/**
 * Lets SQS move all dead letters to the work queue, and follows it to its end. A request to stop
 * cancels the rest.
 * @returns undefined where the endpoint has no such call.
 */
async function moveAll(
  session: Session,
  { account, chosen }: Target,
  rate: number,
): Promise<RedriveReport | undefined> {
  const { deadLetterQueue, queue } = chosen;
  const { move, hidden } = await withDeployed(chosen, async () => ({
    // SQS does not move what another reader has hidden.
    hidden: (await (await account.queues.open(deadLetterQueue)).depth()).inFlight,
    move: await account.queues.moveAll(deadLetterQueue, queue, rate),
  }));
  if (!move) return undefined;
  let redriven = 0;
  const onProgress = ({ moved, toMove = 0 }: MoveState) => {
    redriven = moved;
    session.showProgress(`redrive ${progressBar(moved, toMove)}`);
  };
  try {
    const state = await follow(move, session, onProgress);
    return { by: 'sqs', redriven: state.moved, hidden, ...failureOfMove(state) };
  } catch (error) {
    return { by: 'sqs', redriven, hidden, isBroken: true, failure: brokenMove(error, redriven) };
  }
}

async function follow(
  move: Move,
  session: Session,
  onProgress: (state: MoveState) => void,
): Promise<MoveState> {
  const stop = session.interruptSignal();
  let isCancelled = false;
  for (;;) {
    const state = await move.state();
    onProgress(state);
    if (!UNDER_WAY.has(state.status)) return state;
    if (stop.aborted && isCancelled) return state;
    if (stop.aborted) {
      await move.cancel();
      isCancelled = true;
    } else await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
}
