import { Argument, type Command } from 'commander';
import {
  chosenEnvironment,
  openTarget,
  type PipelineOptions,
  pipelineCommand,
} from '../target/target';
import type { Session } from '../terminal/session';
import { outputNamed } from './outputs';

const PAGES = ['dashboard', 'pipeline', 'queue', 'dead-letters'] as const;
type Page = (typeof PAGES)[number];

const EXAMPLES = `
Examples:
  npx spillway open -e dev
  npx spillway open queue -e dev -p photos
  npx spillway open pipeline -e dev --json

It prints the address, and opens it where there is a browser.
Needs what \`npx spillway outputs\` needs.`;

/** `spillway open` */
export function openCommand(session: Session): Command {
  return pipelineCommand('open', {
    summary: 'dashboard, delivery pipeline or queue in the console',
    description:
      "Opens a page of the AWS console: the environment's dashboard, its delivery pipeline, " +
      'or a queue.',
  })
    .addArgument(new Argument('[PAGE]', 'what to open').choices(PAGES).default('dashboard'))
    .addHelpText('after', EXAMPLES)
    .action(async (page: Page, options: PipelineOptions) => {
      const url = await urlOf(session, page, options);
      session.print(options.json ? JSON.stringify({ url }) : url);
      if (!options.json) session.browse(url);
    });
}

async function urlOf(session: Session, page: Page, options: PipelineOptions): Promise<string> {
  const outputs = await session.outputs(await chosenEnvironment(session, options));
  if (page === 'dashboard') return outputNamed(outputs, 'dashboard_url');
  if (page === 'pipeline') return outputNamed(outputs, 'pipeline_url');
  const { chosen } = await openTarget(session, options);
  const queue = page === 'queue' ? 'queue_url' : 'dead_letter_queue_url';
  const queueUrl = outputNamed(outputs, `${chosen.pipeline.replaceAll('-', '_')}_${queue}`);
  // The dashboard's address has the console of the partition.
  const { origin } = new URL(outputNamed(outputs, 'dashboard_url'));
  return `${origin}/sqs/v3/home?region=${chosen.region}#/queues/${encodeURIComponent(queueUrl)}`;
}
