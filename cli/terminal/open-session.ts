import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { listenForStop, type SignalSource } from '../../local/run/stop-requests';
import { isDrawable, paintFor } from '../../local/view/paint';
import { loadBlueprint } from '../../stacks/config/load-config';
import { withSourceArchive } from '../deliver/source-archive';
import { terraformOutputs } from '../target/terraform-outputs';
import { openLiveOutput, openProgressLine } from './live-output';
import type { Session } from './session';

/**
 * The session of a process. What it prints or asks takes the place of its progress line; `close`
 * removes that line.
 * @param json - whether stdout and stderr are read by a program.
 */
export async function openSession(
  json: boolean,
  openAccount: Session['openAccount'],
): Promise<{ readonly session: Session; readonly close: () => void }> {
  const { stdin, stdout, stderr, env } = process;
  const line = isDrawable(stderr, env) && !json ? await openProgressLine(stderr) : undefined;
  const close = () => line?.clear();
  const alone =
    <Input, Output>(act: (input: Input) => Output) =>
    (input: Input) => {
      close();
      return act(input);
    };
  const session: Session = {
    print: alone((text) => stdout.write(`${text}\n`)),
    warn: alone((text) => stderr.write(`${json ? JSON.stringify({ note: text }) : text}\n`)),
    paint: paintFor(stdout, env),
    ...(isDrawable(stdout, env) && {
      columns: stdout.columns,
      openLiveOutput: () => openLiveOutput(stdout),
    }),
    ...(stdin.isTTY &&
      stderr.isTTY && {
        ask: alone(askOn(stdin, stderr)),
        askForLine: alone(askForLineOn(stdin, stderr)),
      }),
    showProgress: (text) => line?.show(text),
    ...openInterrupt(process, (code) => process.exit(code)),
    now: Date.now,
    environments: loadBlueprint,
    openAccount,
    outputs: terraformOutputs,
    withSourceArchive,
    newPlaces,
    browse,
  };
  return { session, close };
}

const newPlaces: Session['newPlaces'] = () => ({
  applicationCode: join(__dirname, '..', '..', 'application-code'),
  workingFolder: process.cwd(),
  path: process.env.PATH ?? '',
});

/** The command that hands an address to the browser, by `process.platform`. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/**
 * Hands an address to the browser. Without one nothing happens: the address is printed
 * anyway.
 */
function browse(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...words] = OPENERS[platform] ?? [];
  if (!command) return;
  const child = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

/**
 * Ctrl-C ends a command in order, and at once when it is pressed again. Before the first
 * call nothing listens: a command that has nothing to put in order just ends.
 */
export function openInterrupt(
  source: SignalSource,
  end: (exitCode: number) => void,
): Pick<Session, 'interruptSignal' | 'sleep'> {
  let signal: AbortSignal | undefined;
  return {
    interruptSignal: () => {
      signal ??= listenForStop(source, end).signal;
      return signal;
    },
    async sleep(milliseconds) {
      // An aborted sleep ends without an error: the caller looks at the signal itself.
      await delay(milliseconds, undefined, signal && { signal }).catch(() => undefined);
    },
  };
}

/**
 * Asks on stderr, so that stdout holds the answer alone. Anything but a yes is a no, and so is
 * Ctrl-C or the end of input.
 */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<boolean> {
  const askForLine = askForLineOn(input, output);
  return async (question) => /^y(es)?$/i.test((await askForLine(`${question} [y/N]`)).trim());
}

/** Asks for a line on stderr; Ctrl-C and the end of input return an empty one. */
function askForLineOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<string> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output });
      const leave = () => {
        output.write('\n');
        resolve('');
      };
      lines.once('close', leave);
      lines.question(`${question} `, (answer) => {
        lines.off('close', leave);
        lines.close();
        resolve(answer);
      });
    });
}
