import type { Command } from 'commander';
import { CONFIGURED } from '../../contract/parameters';
import { SCALER_FUNCTION } from '../../contract/schedule';
import { pluralize } from '../../text/words';
import type { FleetPlace } from '../ports/account';
import { fleetPlaceOf, tasksIn } from '../status/read-status';
import { sameOptions } from '../target/choose-pipeline';
import { heldBy, setKnob } from '../target/knobs';
import { invokeScaler } from '../target/scaler-runs';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { InterruptError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { changeAsJson } from './set';

interface PauseOptions extends TargetOptions {
  readonly wait?: boolean;
}

const LOOK_EVERY_MILLISECONDS = 5_000;
/**
 * A run of the scaler that had read its parameters before the pause may launch tasks until its time
 * limit ends it.
 */
const LAST_RUN_MILLISECONDS = SCALER_FUNCTION.timeoutSeconds * 1_000;
/**
 * ListTasks is eventually consistent: a single look without a task proves nothing.
 */
const IDLE_LOOKS = 2;

const PAUSE_EXAMPLES = `
Examples:
  npx spillway pause -e dev
  npx spillway pause -e prod --wait    returns when no task runs
  npx spillway resume -e dev

A pause launches nothing more. Running tasks continue until the queue is empty or they are too
old; objects that come meanwhile wait in the queue. Tasks that min-tasks keeps warm are stopped,
and finish their jobs first. With --wait it takes a minute at least, since
a run of the scaler that had begun before the pause may still launch tasks. Ctrl-C ends the
waiting, not the pause.
Needs ssm:GetParametersByPath, ssm:PutParameter, lambda:GetFunctionConfiguration, ecs:ListTasks
and ecs:DescribeTasks, and ecs:StopTask where min-tasks keeps some warm.`;

/** `spillway pause` */
export function pauseCommand(session: Session): Command {
  return targetCommand('pause', {
    summary: 'launches no more tasks',
    description:
      'Holds every launch of a pipeline; running tasks continue, warm ones end with their jobs.',
  })
    .option('--wait', 'return when no task runs and none can start')
    .addHelpText('after', PAUSE_EXAMPLES)
    .action((options: PauseOptions) => pause(session, options));
}

async function pause(session: Session, options: PauseOptions): Promise<void> {
  const target = await openTarget(session, options);
  const change = await setKnob(target, 'enabled', 'false');
  const pausedAt = session.now();
  const { account, chosen } = target;
  const { pipeline, environment } = chosen;
  const place = await withDeployed(chosen, async () =>
    fleetPlaceOf(target, await account.scaler.variables(chosen.scaler)),
  );
  await account.tasks.stopWarm(place);
  if (options.wait) await untilIdle(session, target, { place, pausedAt });
  if (options.json) {
    const document = { ...changeAsJson(target, change), waited: options.wait ?? false };
    session.print(JSON.stringify(document, undefined, 2));
    return;
  }
  const waited = options.wait ? ', and no task runs' : '';
  const paused = session.paint('yellow', `${pipeline} in ${environment} is paused${waited}.`);
  session.print(`${paused} To continue: npx spillway resume ${sameOptions(target.chosen)}`);
}

interface Pause {
  readonly place: FleetPlace;
  /** Milliseconds since the epoch. */
  readonly pausedAt: number;
}

/** @throws InterruptError at a request to stop; the pause stays. */
async function untilIdle(
  session: Session,
  { account, chosen }: Target,
  { place, pausedAt }: Pause,
): Promise<void> {
  const stop = session.interruptSignal();
  for (let idle = 0; ; ) {
    const [fleet, stopping] = await Promise.all([
      account.tasks.fleet(place),
      account.tasks.stopping(place),
      // A run that had begun before the pause may have launched some.
      account.tasks.stopWarm(place),
    ]);
    const left = tasksIn(fleet) + stopping;
    const waited = session.now() - pausedAt;
    idle = left === 0 ? idle + 1 : 0;
    if (idle >= IDLE_LOOKS && waited >= LAST_RUN_MILLISECONDS) break;
    const waitsFor =
      left > 0 ? pluralize(left, 'task') : 'a run of the scaler that may still launch tasks';
    session.showProgress(`paused, waiting for ${waitsFor}, ${Math.round(waited / 1_000)} s`);
    if (stop.aborted)
      throw new InterruptError(
        `it is paused, but did not wait for ${waitsFor}: \`npx spillway status ` +
          `${sameOptions(chosen)}\` shows what runs.`,
      );
    await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
}

const RESUME_EXAMPLES = `
Examples:
  npx spillway resume -e dev
  npx spillway resume -e prod

The knob \`enabled\` is set to \`configured\` again, and the scaler runs at once.
Needs ssm:GetParametersByPath, ssm:PutParameter, lambda:GetFunctionConfiguration and
lambda:InvokeFunction.`;

/** `spillway resume` */
export function resumeCommand(session: Session): Command {
  return targetCommand('resume', {
    summary: 'launches tasks again after a pause',
    description: 'Ends a pause of a pipeline.',
  })
    .addHelpText('after', RESUME_EXAMPLES)
    .action(async (options: TargetOptions) => {
      const target = await openTarget(session, options);
      let change = await setKnob(target, 'enabled', CONFIGURED);
      // The deployed scaler may be configured to hold.
      if (heldBy(change.after) !== 'true') change = await setKnob(target, 'enabled', 'true');
      await invokeScaler(target, session);
      const { pipeline, environment } = target.chosen;
      session.print(
        options.json
          ? JSON.stringify(changeAsJson(target, change), undefined, 2)
          : session.paint('green', `${pipeline} in ${environment} launches tasks again.`),
      );
    });
}
