import { Command } from 'commander';
import type { Session } from '../../terminal/session';
import { finishCommand } from './finish';
import { listCommand } from './list';
import { statusCommand } from './status';
import { verifyCommand } from './verify';

const EXAMPLES = `
Examples:
  npx spillway dataset status -e dev
  npx spillway dataset finish -e dev --shuffle 42 --splits train=0.9,test=0.1
  npx spillway dataset verify -e dev
  npx spillway dataset list -e dev --split train

For a pipeline whose destination is \`{ kind: 'shards' }\`. \`npx spillway dataset COMMAND --help\`
shows what each needs.`;

/** `spillway dataset` */
export function datasetCommands(session: Session): Command {
  const command = new Command('dataset')
    .summary('the dataset of a pipeline: status, finish, verify, list')
    .description('Makes the parts of a pipeline into a dataset of even shards, and looks at it.')
    .usage('status | finish | verify | list [options]')
    .helpOption('-h, --help', 'this text')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  for (const create of [statusCommand, finishCommand, verifyCommand, listCommand])
    command.addCommand(create(session));
  return command;
}
