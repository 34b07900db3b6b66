import { Argument, type Command } from 'commander';
import { table } from '../../text/table';
import { nearestWord } from '../../text/words';
import {
  chosenEnvironment,
  openTarget,
  type PipelineOptions,
  pipelineCommand,
} from '../target/target';
import { UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';

const OUTPUTS_EXAMPLES = `
Examples:
  npx spillway outputs -e dev
  npx spillway outputs photos_upload_command -e dev    as it is, for copying or $(…)
  npx spillway outputs -e dev --json | jq -r .image_repository

They are read from Terraform's states, where this checkout deploys to.
Needs s3:GetObject on the states, where those are in S3, and terraform.`;

/** `spillway outputs` */
export function outputsCommand(session: Session): Command {
  return pipelineCommand('outputs', {
    summary: 'outputs of the stacks, in one piece each',
    description:
      'Names and values of the outputs of all stacks of an environment; one alone when it is ' +
      'named.',
  })
    .argument('[NAME]', 'output to print as it is')
    .addHelpText('after', OUTPUTS_EXAMPLES)
    .action(async (name: string | undefined, options: PipelineOptions) => {
      const outputs = await session.outputs(await chosenEnvironment(session, options));
      if (name !== undefined) return session.print(outputNamed(outputs, name));
      if (options.json)
        return session.print(JSON.stringify(Object.fromEntries(outputs), undefined, 2));
      for (const line of table([...outputs])) session.print(line);
    });
}

/** @throws UsageError with the names that exist. */
export function outputNamed(outputs: ReadonlyMap<string, string>, name: string): string {
  const value = outputs.get(name);
  if (value !== undefined) return value;
  const names = [...outputs.keys()];
  const meant = nearestWord(name, names);
  throw new UsageError(
    `there is no output ${name}; there are: ${names.join(', ')}.` +
      (meant ? ` Did you mean ${meant}?` : ''),
  );
}

const PAGES = ['dashboard', 'pipeline', 'queue', 'dead-letters'] as const;
type Page = (typeof PAGES)[number];

const OPEN_EXAMPLES = `
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
    .addHelpText('after', OPEN_EXAMPLES)
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
