import type { Command } from 'commander';
import { CONFIGURED } from '../../contract/parameters';
import { KNOB_NAMES, KNOB_RULES, type KnobName } from '../../lambda/scaler/decision/knobs';
import { factsOf } from '../../text/setting';
import { sameOptions } from '../target/choose-pipeline';
import { checkKnob, heldBy, type KnobChange, setKnob } from '../target/knobs';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import type { Session } from '../terminal/session';

/** Of the knobs that are no numbers. */
const VALUES: Readonly<Partial<Record<KnobName, string>>> = {
  enabled: 'true, false',
  steps: 'from:tasks, such as 1:1,500:10',
};

const KNOBS = KNOB_NAMES.map((name) => {
  const { parameter, schema } = KNOB_RULES[name];
  const { range } = factsOf(schema);
  const values = range ? `${range.min} to ${range.max}` : VALUES[name];
  return `  ${parameter.padEnd(22)}${values ?? ''}`;
}).join('\n');

const EXAMPLES = `
Knobs:
${KNOBS}

Examples:
  npx spillway set max-tasks 50 -e dev
  npx spillway set max-tasks configured -e dev    the value of the configuration again
  npx spillway set spot-weight 0 -e prod
  npx spillway set drain-within-minutes 30 -e prod   with the policy drain-within

A value holds from the scaler's next run on, within a minute as a rule, until it is set to
\`configured\`; running
tasks continue.
Needs ssm:GetParametersByPath, ssm:PutParameter and lambda:GetFunctionConfiguration.`;

/** `spillway set` */
export function setCommand(session: Session): Command {
  return targetCommand('set', {
    summary: 'sets a runtime knob, such as max-tasks',
    description: 'Sets a runtime knob of a pipeline without a deploy.',
  })
    .argument('<KNOB>', 'name of the knob')
    .argument('<VALUE>', `its value, or \`${CONFIGURED}\``)
    .addHelpText('after', EXAMPLES)
    .action(async (knob: string, value: string, options: TargetOptions) => {
      const name = checkKnob(knob, value);
      const target = await openTarget(session, options);
      const change = await setKnob(target, name, value);
      session.print(
        options.json
          ? JSON.stringify(changeAsJson(target, change), undefined, 2)
          : changeInWords(target, change, session.paint),
      );
    });
}

export function changeAsJson({ chosen }: Target, { parameter, before, after }: KnobChange) {
  const { environment, pipeline } = chosen;
  return {
    environment,
    pipeline,
    knob: parameter,
    before: heldBy(before),
    after: heldBy(after),
    configured: after.configured,
    isOverridden: after.override !== undefined,
  };
}

function changeInWords(
  { chosen }: Target,
  { parameter, before, after }: KnobChange,
  paint: Session['paint'],
): string {
  const source =
    after.override === undefined
      ? ', as configured'
      : ` instead of the configured ${after.configured}`;
  const undo = before.override ?? CONFIGURED;
  return [
    paint(
      'green',
      `${parameter} of ${chosen.pipeline} in ${chosen.environment} is ${heldBy(after)}${source}.`,
    ),
    `It was ${heldBy(before)}. To undo: npx spillway set ${parameter} ${undo} ` +
      `${sameOptions(chosen)}`,
  ].join('\n');
}
