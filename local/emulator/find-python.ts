import { spawn } from 'node:child_process';
import { LocalModeError } from '../../folder/errors';

/** A Python that can make virtual environments. */
export interface Python {
  /** The command, such as `python3`. */
  readonly command: string;
  /** Absolute path of the interpreter. */
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
}

/** What a Python says about itself. */
export interface PythonAnswer {
  readonly executable: string;
  readonly version: readonly [major: number, minor: number, patch: number];
  /** True when `venv` and `ensurepip` are installed; Debian has a package for them. */
  readonly venv: boolean;
}

/** @returns undefined when the command does not exist or does not work. */
export type AskPython = (command: string) => Promise<PythonAnswer | undefined>;

const OLDEST_MINOR = 10;

const COMMANDS = [
  'python3',
  'python',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
] as const;

/**
 * The first Python that fits, in the order that a user expects.
 * @param wantedBy what needs it, at the beginning of a sentence.
 * @throws LocalModeError that says what was found and what to install.
 */
export async function findPython(
  ask: AskPython = askPython,
  wantedBy = 'The local AWS emulator',
): Promise<Python> {
  const unfit: string[] = [];
  for (const command of COMMANDS) {
    const answer = await ask(command);
    if (!answer) continue;
    const version = answer.version.join('.');
    const [major, minor] = answer.version;
    const fault =
      major < 3 || (major === 3 && minor < OLDEST_MINOR)
        ? 'too old'
        : answer.venv
          ? undefined
          : 'without its venv module';
    if (!fault) return { command, executable: answer.executable, version };
    unfit.push(`${command} ${version} (${fault})`);
  }
  const found = unfit.length > 0 ? unfit.join(', ') : 'no python3';
  throw new LocalModeError(
    `${wantedBy} needs Python 3.${OLDEST_MINOR} or newer with its venv module, ` +
      `but ${found} was found: install one (Debian and Ubuntu: ` +
      '`sudo apt install python3 python3-venv`; macOS: `brew install python`) and start again.',
  );
}

/** Valid Python 2 as well, since `python` may be one. */
const QUESTION = `
import json, sys
try:
    import venv, ensurepip
    fit = True
except ImportError:
    fit = False
version = list(sys.version_info[:3])
print(json.dumps({"executable": sys.executable, "version": version, "venv": fit}))
`;

/**
 * Asks a command on the PATH. It runs in another folder, since files of the current folder could
 * shadow the standard library.
 */
export function askPython(
  command: string,
  timeoutMilliseconds = 10_000,
): Promise<PythonAnswer | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, ['-E', '-s', '-c', QUESTION], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      // The timer of `timeout` would keep this process alive after a command that does not exist.
      signal: AbortSignal.timeout(timeoutMilliseconds),
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? parseAnswer(output) : undefined));
  });
}

function parseAnswer(output: string): PythonAnswer | undefined {
  try {
    return JSON.parse(output) as PythonAnswer;
  } catch {
    return undefined;
  }
}
