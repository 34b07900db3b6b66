import { Command } from 'commander';
import { version } from '../package.json';
import { datasetCommands } from './commands/dataset/dataset';
import { deliverCommand } from './commands/deliver';
import { dlqCommand } from './commands/dlq/dlq';
import { doctorCommand } from './commands/doctor';
import { newCommand } from './commands/new';
import { openCommand, outputsCommand } from './commands/outputs';
import { pauseCommand, resumeCommand } from './commands/pause';
import { reconcileCommand } from './commands/reconcile';
import { revisionsCommand } from './commands/revisions';
import { rollbackCommand } from './commands/rollback';
import { setCommand } from './commands/set';
import { simulateCommand } from './commands/simulate';
import { statusCommand } from './commands/status';
import { uploadCommand } from './commands/upload';
import { watchCommand } from './commands/watch';
import type { Session } from './terminal/session';

/** Every command, in the order of `--help`; a new one is a file in `commands/` and a line here. */
export const COMMANDS: readonly ((session: Session) => Command)[] = [
  newCommand,
  uploadCommand,
  statusCommand,
  doctorCommand,
  outputsCommand,
  openCommand,
  watchCommand,
  pauseCommand,
  resumeCommand,
  setCommand,
  simulateCommand,
  dlqCommand,
  reconcileCommand,
  datasetCommands,
  revisionsCommand,
  deliverCommand,
  rollbackCommand,
];

const EPILOGUE = `
\`npx spillway COMMAND --help\` shows examples.

Region and names come from blueprint.config.ts, or from the file that BLUEPRINT_CONFIG names.
Credentials are those of AWS's own variables: AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL
and the others. With --local URL a command works on a local run (\`npm start -- --keep\`)
instead, and needs neither.

Exit codes: 0 done, 1 AWS refused, or the pipeline's state or you did, 2 wrong usage or
configuration, 130 stopped by Ctrl-C or SIGTERM before it was done.`;

/** The whole command line. Commander throws instead of ending the process or printing an error. */
export function createProgram(session: Session, out: (text: string) => void): Command {
  const program = new Command('spillway')
    .description('Looks after the pipelines that blueprint.config.ts describes.')
    .version(version, '-V, --version', 'the version of this blueprint')
    .usage('COMMAND [options]')
    .helpOption('-h, --help', 'this text')
    .helpCommand(false)
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    // All that commander would write to stderr is help.
    .configureOutput({ writeOut: out, writeErr: out, outputError: () => undefined });
  for (const create of COMMANDS) program.addCommand(create(session));
  inherit(program);
  return program;
}

/** Commander hands its settings down only to commands that it has made itself. */
function inherit(parent: Command): void {
  for (const command of parent.commands) inherit(command.copyInheritedSettings(parent));
}
