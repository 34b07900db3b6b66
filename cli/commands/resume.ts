import type { Command } from 'commander';
import { CONFIGURED } from '../../contract/parameters';
import { invokeScaler } from '../target/invoke-scaler';
import { heldBy } from '../target/knobs';
import { type OperatorOptions, openPipeline, operatorCommand } from '../target/operated';
import { setKnob } from '../target/set-knob';
import type { Session } from '../terminal/session';
import { changeAsJson } from './set';

const EXAMPLES = `
Examples:
  npx spillway resume -e dev
  npx spillway resume -e prod

The knob \`enabled\` is set to \`configured\` again, and the scaler runs at once.
Needs ssm:GetParametersByPath, ssm:PutParameter, lambda:GetFunctionConfiguration and lambda:InvokeFunction.`;

/** `spillway resume` */
export function resumeCommand(session: Session): Command {
  return operatorCommand('resume', {
    summary: 'launches tasks again after a pause',
    description: 'Ends a pause of a pipeline.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: OperatorOptions) => {
      const operated = await openPipeline(session, options);
      let change = await setKnob(operated, 'enabled', CONFIGURED);
      // Somebody may have deployed a scaler that is configured to hold.
      if (heldBy(change.after) !== 'true') change = await setKnob(operated, 'enabled', 'true');
      await invokeScaler(operated, session);
      const { pipeline, environment } = operated.chosen;
      session.print(
        options.json
          ? JSON.stringify(changeAsJson(operated, change), undefined, 2)
          : session.paint('green', `${pipeline} in ${environment} launches tasks again.`),
      );
    });
}
