import type { Command } from 'commander';
import { timeOfDay } from '../../text/units';
import { pluralize } from '../../text/words';
import type { Account } from '../ports/account';
import { isPaused, readStatus, type Status, tasksIn } from '../status/read-status';
import { statusAsJson, statusPage } from '../status/status-page';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import { failureSentence, InterruptError, RefusalError } from '../terminal/failures';
import type { LiveOutput } from '../terminal/live-output';
import { wholeNumber } from '../terminal/option-values';
import type { Session } from '../terminal/session';

interface WatchOptions extends TargetOptions {
  readonly every: number;
  readonly untilIdle?: boolean;
}

/** One look may fall between a job that is done and an event that has not come yet. */
const IDLE_LOOKS = 2;
/**
 * SQS's counts may be behind for a minute after the last message was sent; an emulator's are not.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
const IDLE_MILLISECONDS = 60_000;
const FAILED_LOOKS = 3;

const EXAMPLES = `
Examples:
  npx spillway watch -e dev
  npx spillway watch -e dev --until-idle && echo done
  npx spillway watch -e dev --json --every 10 | jq -c '{backlog, deadLetters}'

Without a terminal it prints one line for each change; with --json one document a line. Ctrl-C
ends it, with 0; with --until-idle, before it is idle, with 130. --until-idle waits until all has
been quiet for a minute, since SQS's counts may be that late, and ends with 1 when messages wait
that no task will take: no image yet, or paused.
Needs what \`npx spillway status\` needs.`;

/** `spillway watch` */
export function watchCommand(session: Session): Command {
  return targetCommand('watch', {
    summary: 'the status, live',
    description: 'Shows the status of a pipeline again and again.',
  })
    .option('--every <SECONDS>', 'seconds between two looks', wholeNumber(1, 3_600), 2)
    .option('--until-idle', 'end when no message waits or is in flight, and no task runs')
    .addHelpText('after', EXAMPLES)
    .action(async (options: WatchOptions) => {
      const { chosen, account } = await openTarget(session, options);
      const target = { chosen, account: watchedAccount(account, session.now) };
      const liveOutput = options.json ? undefined : await session.openLiveOutput?.();
      try {
        await watch(session, target, options, liveOutput);
      } finally {
        liveOutput?.close();
      }
    });
}

/** @throws InterruptError at a request to stop before the pipeline is idle. */
async function watch(
  session: Session,
  target: Target,
  options: WatchOptions,
  liveOutput: LiveOutput | undefined,
): Promise<void> {
  const stop = session.interruptSignal();
  const show = teller(session, target, options, liveOutput);
  let idleLooks = 0;
  let idleSince = 0;
  let failed = 0;
  while (!stop.aborted) {
    try {
      const status = await readStatus(target, session.now());
      failed = 0;
      idleLooks = isIdle(status) ? idleLooks + 1 : 0;
      if (idleLooks === 1) idleSince = session.now();
      show(status);
      if (options.untilIdle) refuseForEver(status, target.chosen);
    } catch (error) {
      if (error instanceof RefusalError) throw error;
      failed += 1;
      const sentence = failureSentence(error);
      if (failed >= FAILED_LOOKS || sentence === undefined) throw error;
      session.warn(`A look failed, and is tried again: ${sentence}`);
    }
    const sure = target.chosen.endpoint ? 0 : IDLE_MILLISECONDS;
    if (options.untilIdle && idleLooks >= IDLE_LOOKS && session.now() - idleSince >= sure) return;
    await session.sleep(options.every * 1_000);
  }
  if (options.untilIdle) throw new InterruptError('stopped before the pipeline was idle.');
}

function isIdle({ work, fleet }: Status): boolean {
  return work.backlog + work.inFlight + work.delayed + tasksIn(fleet) === 0;
}

/** @throws RefusalError when messages wait and no task will take them. */
function refuseForEver(status: Status, chosen: TargetPipeline): void {
  if (status.work.backlog === 0 || tasksIn(status.fleet) > 0) return;
  const { backlog } = status.work;
  const waiting = `${pluralize(backlog, 'message')} of ${chosen.pipeline} will wait forever`;
  if (!status.promoted)
    throw new RefusalError(
      `${waiting}: no image has been promoted yet. \`npx spillway doctor ` +
        `${sameOptions(chosen)}\` says how it comes.`,
    );
  if (isPaused(status.knobs))
    throw new RefusalError(
      `${waiting}: the pipeline is paused. \`npx spillway resume ${sameOptions(chosen)}\` ` +
        'ends that.',
    );
}

function teller(
  session: Session,
  { chosen }: Target,
  options: WatchOptions,
  liveOutput: LiveOutput | undefined,
): (status: Status) => void {
  if (options.json)
    return (status) =>
      session.print(
        JSON.stringify({
          at: new Date(session.now()).toISOString(),
          ...statusAsJson(chosen, status),
        }),
      );
  if (liveOutput) return (status) => liveOutput.show(statusPage(chosen, status, session));
  let last = '';
  return (status) => {
    const line = plainLine(status);
    if (line !== last) session.print(`${timeOfDay(session.now())} ${line}`);
    last = line;
  };
}

function plainLine({ work, letters, fleet, lastRun }: Status): string {
  const sum = (state: 'running' | 'pending') => fleet.FARGATE[state] + fleet.FARGATE_SPOT[state];
  return [
    `backlog ${work.backlog}`,
    `in flight ${work.inFlight}`,
    ...(work.delayed > 0 ? [`delayed ${work.delayed}`] : []),
    `tasks ${sum('running')} running ${sum('pending')} pending`,
    `dead letters ${letters.backlog + letters.inFlight}`,
    ...(lastRun ? [`last run ${lastRun.action} (${lastRun.because})`] : []),
  ].join(', ');
}

/**
 * CloudWatch has a value a minute, and the scaler runs once a minute; asking more often costs and
 * shows nothing new.
 */
const SLOW_MILLISECONDS = 30_000;
const LOG_MILLISECONDS = 5_000;

/** An account that is read again and again: what changes slowly is read rarely. */
function watchedAccount(account: Account, now: () => number): Account {
  const { scaler, metrics, jobs } = account;
  return {
    ...account,
    scaler: {
      ...scaler,
      variables: remembered(scaler.variables, SLOW_MILLISECONDS, now),
      lastRun: remembered(scaler.lastRun, LOG_MILLISECONDS, now),
    },
    jobs: { progress: remembered(jobs.progress, LOG_MILLISECONDS, now) },
    metrics: {
      ...metrics,
      oldestMessageSeconds: remembered(metrics.oldestMessageSeconds, SLOW_MILLISECONDS, now),
    },
  };
}

/** Asks again only after a while; a failure is not remembered. */
function remembered<Input extends readonly unknown[], Answer>(
  ask: (...input: Input) => Promise<Answer>,
  milliseconds: number,
  now: () => number,
): (...input: Input) => Promise<Answer> {
  let last: { readonly at: number; readonly answer: Answer } | undefined;
  return async (...input) => {
    if (last && now() - last.at < milliseconds) return last.answer;
    const answer = await ask(...input);
    last = { at: now(), answer };
    return answer;
  };
}
