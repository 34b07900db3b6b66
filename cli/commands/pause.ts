import type { Command } from 'commander';
import { sameOptions } from '../chosen-pipeline';
import { counted } from '../counted';
import { Stopped } from '../failures';
import { lookingIn } from '../looking-in';
import { type Operated, type OperatorOptions, openPipeline, operatorCommand } from '../operated';
import type { Fleet } from '../ports';
import type { Session } from '../session';
import { setKnob } from '../set-knob';
import { fleetPlaceOf } from '../status/read-status';
import { changeAsJson } from './set';

interface PauseOptions extends OperatorOptions {
  readonly wait?: boolean;
}

const LOOK_EVERY_MILLISECONDS = 5_000;
/** A run of the scaler that had begun may still launch tasks, and a new task is not listed at once. */
const SETTLE_MILLISECONDS = 15_000;

const EXAMPLES = `
Examples:
  npx spillway pause
  npx spillway pause -e prod --wait    returns when no task runs
  npx spillway resume

A pause launches nothing more. Tasks that run go on until the queue is empty or they are too old; objects that come
meanwhile wait in the queue. Ctrl-C ends the waiting, not the pause.
Needs ssm:GetParametersByPath, ssm:PutParameter and lambda:GetFunctionConfiguration; with --wait ecs:ListTasks and
ecs:DescribeTasks.`;

/** `spillway pause` */
export function pauseCommand(session: Session): Command {
  return operatorCommand('pause', {
    summary: 'launches no more tasks',
    description: 'Holds every launch of a pipeline; tasks that run go on.',
  })
    .option('--wait', 'return when no task runs any more')
    .addHelpText('after', EXAMPLES)
    .action((options: PauseOptions) => pause(session, options));
}

async function pause(session: Session, options: PauseOptions): Promise<void> {
  const operated = await openPipeline(session, options);
  const change = await setKnob(operated, 'enabled', 'false');
  const { pipeline, environment } = operated.chosen;
  if (options.wait) await untilIdle(session, operated);
  session.print(
    options.json
      ? JSON.stringify({ ...changeAsJson(operated, change), waited: options.wait ?? false }, undefined, 2)
      : `${session.paint('yellow', `${pipeline} in ${environment} is paused${options.wait ? ', and no task runs' : ''}.`)} To go on: npx spillway resume ${sameOptions(operated.chosen)}`,
  );
}

/** @throws Stopped when somebody asked to stop; the pause stays. */
async function untilIdle(session: Session, { account, chosen }: Operated): Promise<void> {
  const stop = session.stopping();
  const place = fleetPlaceOf(
    { account, chosen },
    await lookingIn(chosen, () => account.scaler.variables(chosen.scaler)),
  );
  const since = session.now();
  for (;;) {
    const [fleet, stopping] = await Promise.all([account.tasks.fleet(place), account.tasks.stopping(place)]);
    const left = tasksOf(fleet) + stopping;
    const waited = session.now() - since;
    if (left === 0 && waited >= SETTLE_MILLISECONDS) break;
    session.progress?.show(`waiting for ${counted(left, 'task')}, ${Math.round(waited / 1_000)} s`);
    if (stop.aborted)
      throw new Stopped(
        `it is paused, but ${counted(left, 'task')} still there: \`npx spillway status ${sameOptions(chosen)}\` shows them.`,
      );
    await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
  session.progress?.clear();
}

function tasksOf(fleet: Fleet): number {
  return Object.values(fleet).reduce((sum, { running, pending }) => sum + running + pending, 0);
}
