import { type Command, CommanderError } from 'commander';
import { stopWithReader } from '../local/run/stop-requests';
import { ConfigError } from '../stacks/config/blueprint-config';
import { usageSentence } from '../text/words';
import { openAccount } from './aws/account';
import { createProgram } from './program';
import { EXIT, failureSentence, InterruptError, UsageError } from './terminal/failures';
import { openSession } from './terminal/open-session';

/** `npx spillway`. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  /** The SDK would greet every user of Node 20 with eight lines about next year. */
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const json = argv.includes('--json');
  stopWithReader([process.stdout, process.stderr], process, (code) => process.exit(code));
  const { session, close } = await openSession(json, openAccount);
  const program = createProgram(session, (text) => process.stdout.write(text));
  try {
    await program.parseAsync(argv, { from: 'user' }).finally(close);
    return EXIT.done;
  } catch (error) {
    return report(error, json, commandIn(argv, program));
  }
}

function report(error: unknown, json: boolean, command: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  // Without a command, or without one of `dlq`, commander has shown its help.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.done;
  const sentence =
    error instanceof CommanderError
      ? usageSentence(error.message, ['npx spillway', ...command, '--help'].join(' '))
      : failureSentence(error);
  if (sentence === undefined) throw error;
  process.stderr.write(
    json ? `${JSON.stringify({ error: sentence })}\n` : `spillway: ${sentence}\n`,
  );
  if (error instanceof InterruptError) return EXIT.stopped;
  const usage =
    error instanceof CommanderError || error instanceof UsageError || error instanceof ConfigError;
  return usage ? EXIT.usage : EXIT.refused;
}

/** The words of a command line that name a command with a help of its own, such as `dlq list`. */
function commandIn(argv: readonly string[], program: Command): readonly string[] {
  const [word, ...rest] = argv;
  const command = program.commands.find((one) => one.name() === word);
  return command ? [command.name(), ...commandIn(rest, command)] : [];
}
