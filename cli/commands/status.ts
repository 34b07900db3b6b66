import type { Command } from 'commander';
import { readStatus } from '../status/read-status';
import { statusAsJson, statusPage } from '../status/status-page';
import { openTarget, type TargetOptions, targetCommand } from '../target/target';
import type { Session } from '../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway status -e dev
  npx spillway status -e prod -p photos
  npx spillway status -e dev --json | jq .backlog
  npx spillway status --local http://127.0.0.1:41234    of \`npm start -- --keep\`

The counts are SQS's own, which are approximate. The age of the oldest message is CloudWatch's,
and some minutes late.
Needs sqs:GetQueueUrl, sqs:GetQueueAttributes, ssm:GetParametersByPath, ecs:ListTasks,
ecs:DescribeTasks, lambda:GetFunctionConfiguration, cloudwatch:GetMetricStatistics and
logs:FilterLogEvents.`;

/** `spillway status` */
export function statusCommand(session: Session): Command {
  return targetCommand('status', {
    summary: 'backlog, tasks, knobs, dead letters, last decision',
    description:
      'How a pipeline stands: the work queue, the dead letters, the tasks, the knobs, the ' +
      'promoted revision and what the scaler decided last.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: TargetOptions) => {
      const target = await openTarget(session, options);
      const status = await readStatus(target, session.now());
      session.print(
        options.json
          ? JSON.stringify(statusAsJson(target.chosen, status), undefined, 2)
          : statusPage(target.chosen, status, session),
      );
    });
}
