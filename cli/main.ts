import { type Command, CommanderError } from 'commander';
import { stopWithReader } from '../local/run/stop-requests';
import { isDrawable, paintFor } from '../local/view/paint';
import { ConfigError } from '../stacks/config/config-error';
import { loadBlueprint } from '../stacks/config/load-config';
import { usageSentence } from '../text/usage-sentence';
import { connect } from './aws/connect';
import { withSourceArchive } from './deliver/source-archive';
import { createProgram } from './program';
import { terraformOutputs } from './target/terraform-outputs';
import { browse } from './terminal/browse';
import { failureSentence } from './terminal/failure-sentence';
import { EXIT, Stopped, UsageError } from './terminal/failures';
import { openInterrupt } from './terminal/interrupt';
import { openLiveOutput } from './terminal/live-output';
import { progressOn } from './terminal/progress';
import { askForLineOn, askOn } from './terminal/prompt';
import type { Session } from './terminal/session';

/** `npx spillway`. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  /** The SDK would greet every user of Node 20 with eight lines about next year. */
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const json = argv.includes('--json');
  stopWithReader([process.stdout, process.stderr], process, (code) => process.exit(code));
  try {
    await createProgram(openSession(json), (text) => process.stdout.write(text)).parseAsync(argv, {
      from: 'user',
    });
    return EXIT.done;
  } catch (error) {
    return report(error, json, argv);
  }
}

function openSession(json: boolean): Session {
  const { stdin, stdout, stderr, env } = process;
  return {
    print: (text) => stdout.write(`${text}\n`),
    paint: paintFor(stdout, env),
    ...(isDrawable(stdout, env) && { columns: stdout.columns }),
    warn: (text) => stderr.write(`${json ? JSON.stringify({ note: text }) : text}\n`),
    ...(stdin.isTTY &&
      stderr.isTTY && { ask: askOn(stdin, stderr), askForLine: askForLineOn(stdin, stderr) }),
    ...(isDrawable(stderr, env) && !json && { progress: progressOn(stderr) }),
    ...(isDrawable(stdout, env) && { openLiveOutput: () => openLiveOutput(stdout) }),
    ...openInterrupt(process, (code) => process.exit(code)),
    now: Date.now,
    environments: loadBlueprint,
    connect,
    outputs: terraformOutputs,
    withSourceArchive,
    browse,
  };
}

function report(error: unknown, json: boolean, argv: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  // Without a command, or without one of `dlq`, commander has shown its help.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.done;
  const sentence =
    error instanceof CommanderError ? usageSentenceOf(error, argv) : failureSentence(error);
  if (sentence === undefined) throw error;
  process.stderr.write(
    json ? `${JSON.stringify({ error: sentence })}\n` : `spillway: ${sentence}\n`,
  );
  if (error instanceof Stopped) return EXIT.stopped;
  const usage =
    error instanceof CommanderError || error instanceof UsageError || error instanceof ConfigError;
  return usage ? EXIT.usage : EXIT.refused;
}

/** @param argv - its words up to the first option may name a command, whose own help knows more. */
function usageSentenceOf({ message }: CommanderError, argv: readonly string[]): string {
  return usageSentence(message, ['npx spillway', ...commandIn(argv), '--help'].join(' '));
}

/** The words of a command line that name a command, such as `dlq list`. */
function commandIn(argv: readonly string[]): readonly string[] {
  let commands: readonly Command[] = createProgram(openSession(false), () => undefined).commands;
  const words: string[] = [];
  for (const word of argv) {
    const command = commands.find((one) => one.name() === word);
    if (!command) break;
    words.push(word);
    commands = command.commands;
  }
  return words;
}
