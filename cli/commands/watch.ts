import type { Command } from 'commander';
import { failureSentence } from '../failure-sentence';
import { Stopped } from '../failures';
import { type Operated, type OperatorOptions, openPipeline, operatorCommand } from '../operated';
import type { Picture } from '../picture';
import type { Session } from '../session';
import { readStatus, type Status } from '../status/read-status';
import { statusAsJson, statusPage } from '../status/status-page';
import { watchedAccount } from '../status/watched-account';
import { wholeNumber } from '../whole-number';

interface WatchOptions extends OperatorOptions {
  readonly every: number;
  readonly untilIdle?: boolean;
}

/** One look may fall between a job that is done and an event that has not come yet. */
const IDLE_LOOKS = 2;
const FAILED_LOOKS = 3;

const EXAMPLES = `
Examples:
  npx spillway watch -e dev
  npx spillway watch -e dev --until-idle && echo done
  npx spillway watch -e dev --json --every 10 | jq -c '{backlog, deadLetters}'

Without a terminal it prints one line for each change; with --json one document a line. Ctrl-C ends it, with 0; with
--until-idle, before it is idle, with 130.
Needs what \`npx spillway status\` needs.`;

/** `spillway watch` */
export function watchCommand(session: Session): Command {
  return operatorCommand('watch', {
    summary: 'the status, live',
    description: 'Shows the status of a pipeline again and again.',
  })
    .option('--every <SECONDS>', 'seconds between two looks', wholeNumber(1, 3_600), 2)
    .option('--until-idle', 'end when no message waits or is in flight, and no task runs')
    .addHelpText('after', EXAMPLES)
    .action(async (options: WatchOptions) => {
      const { chosen, account } = await openPipeline(session, options);
      const operated = { chosen, account: watchedAccount(account, session.now) };
      const picture = options.json ? undefined : await session.openPicture?.();
      try {
        await watch(session, operated, options, picture);
      } finally {
        picture?.close();
      }
    });
}

/** @throws Stopped when somebody asked to stop before what was waited for. */
async function watch(
  session: Session,
  operated: Operated,
  options: WatchOptions,
  picture: Picture | undefined,
): Promise<void> {
  const stop = session.stopping();
  const show = teller(session, operated, options, picture);
  let idle = 0;
  let failed = 0;
  while (!stop.aborted) {
    try {
      const status = await readStatus(operated, session.now());
      failed = 0;
      idle = isIdle(status) ? idle + 1 : 0;
      show(status);
    } catch (error) {
      failed += 1;
      const sentence = failureSentence(error);
      if (failed >= FAILED_LOOKS || sentence === undefined) throw error;
      session.note(`A look failed, and is tried again: ${sentence}`);
    }
    if (options.untilIdle && idle >= IDLE_LOOKS) return;
    await session.sleep(options.every * 1_000);
  }
  if (options.untilIdle) throw new Stopped('stopped before the pipeline was idle.');
}

function isIdle({ work, fleet }: Status): boolean {
  const tasks = Object.values(fleet).reduce((sum, { running, pending }) => sum + running + pending, 0);
  return work.backlog + work.inFlight + work.delayed + tasks === 0;
}

function teller(
  session: Session,
  { chosen }: Operated,
  options: WatchOptions,
  picture: Picture | undefined,
): (status: Status) => void {
  if (options.json)
    return (status) =>
      session.print(
        JSON.stringify({ at: new Date(session.now()).toISOString(), ...statusAsJson(chosen, status) }),
      );
  if (picture) return (status) => picture.show(statusPage(chosen, status, session));
  let last = '';
  return (status) => {
    const line = plainLine(status);
    if (line !== last) session.print(`${new Date(session.now()).toISOString().slice(11, 19)} ${line}`);
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
