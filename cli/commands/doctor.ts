import type { Command } from 'commander';
import { pluralize } from '../../text/words';
import { examine } from '../doctor/examination';
import { findingsOf } from '../doctor/findings';
import { openTarget, type TargetOptions, targetCommand } from '../target/target';
import { RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway doctor -e dev
  npx spillway doctor -e dev --json | jq -r '.findings[].code'

It ends with 1 when something is wrong. What could not be looked at, for lack of a permission or
because an emulator does not know it, is told and is no finding. Codes: not-deployed,
half-deployed, no-image-yet, paused, tasks-failing, no-addresses, vcpu-quota, image-unavailable,
resources-unavailable, invalid-parameters, scaler-failing, scaler-silent, dead-letters,
connection-pending, no-trigger, alarm-unconfirmed, eventbridge-off, quota, no-room.
Needs what \`npx spillway status\` needs, and ListConnections and GetConnection of
codestar-connections and codeconnections, codepipeline:GetPipeline, sns:ListSubscriptions,
ec2:DescribeSubnets, ec2:DescribeVpcs, ec2:DescribeAddresses, servicequotas:GetServiceQuota,
servicequotas:ListServiceQuotas, s3:GetBucketNotification, lambda:GetFunctionConcurrency and, where
uploads wake the pipeline, events:DescribeRule, events:ListTargetsByRule, sqs:GetQueueAttributes,
lambda:ListEventSourceMappings.`;

/** `spillway doctor` */
export function doctorCommand(session: Session): Command {
  return targetCommand('doctor', {
    summary: 'what would fail, or why nothing happens, and what to do',
    description:
      'Looks at a pipeline, what it rests on and the quotas of the account, before a deploy ' +
      'and after it, and says in sentences what is wrong.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: TargetOptions) => {
      const target = await openTarget(session, options);
      const { chosen } = target;
      const environment = chosen.endpoint
        ? undefined
        : session.environments().find(({ name }) => name === chosen.environment);
      const examination = await examine(target, environment, session.now());
      const findings = findingsOf(examination, chosen, environment);
      const { unseen } = examination;
      const { environment: name, pipeline } = chosen;
      if (options.json)
        session.print(
          JSON.stringify({ environment: name, pipeline, findings, unseen }, undefined, 2),
        );
      else {
        for (const { code, sentence, cure } of findings)
          session.print(`${code}: ${sentence}\n  ${cure}`);
        for (const { what, why } of unseen) session.warn(`Not looked at: ${what} (${why}).`);
        const what = unseen.length > 0 ? 'Nothing that was looked at' : 'Nothing';
        if (findings.length === 0) session.print(`${what} is wrong with ${pipeline} in ${name}.`);
      }
      if (findings.length > 0)
        throw new RefusalError(
          `${pluralize(findings.length, 'thing')} to fix in ${pipeline} of ${name}.`,
        );
    });
}
