import type { Command } from 'commander';
import { CONFIGURED } from '../../contract/parameters';
import { invokeScaler } from '../target/invoke-scaler';
import { heldBy } from '../target/knobs';
import { setKnob } from '../target/set-knob';
import { openTarget, type TargetOptions, targetCommand } from '../target/target';
import type { Session } from '../terminal/session';
import { changeAsJson } from './set';

const EXAMPLES = `
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
    .addHelpText('after', EXAMPLES)
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
