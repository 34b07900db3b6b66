import { Command } from 'commander';
import type { Session } from '../../terminal/session';
import { listCommand } from './list';
import { purgeCommand } from './purge';
import { redriveCommand } from './redrive';
import { showCommand } from './show';

const EXAMPLES = `
Examples:
  npx spillway dlq list
  npx spillway dlq show --fault Undecodable --newer-than 1h
  npx spillway dlq redrive --fault AccessDenied
  npx spillway dlq purge --older-than 7d

\`npx spillway dlq COMMAND --help\` shows what each needs: sqs:GetQueueUrl and sqs:ReceiveMessage
are the least.`;

/** `spillway dlq` */
export function dlqCommand(session: Session): Command {
  const command = new Command('dlq')
    .summary('the dead letters: list, show, redrive, purge')
    .description(
      'Looks at the dead letters of a pipeline, makes jobs of them again, or deletes them.',
    )
    .usage('list | show | redrive | purge [options]')
    .helpOption('-h, --help', 'this text')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  for (const create of [listCommand, showCommand, redriveCommand, purgeCommand])
    command.addCommand(create(session));
  return command;
}
