import type { Command } from 'commander';
import { table } from '../../text/table';
import { nearestWord } from '../../text/words';
import { chosenEnvironment, type PipelineOptions, pipelineCommand } from '../target/target';
import { UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';

const EXAMPLES = `
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
    .addHelpText('after', EXAMPLES)
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
