import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs one command as a script and keeps what it leaves: variables, functions and the folder. An
 * `exit` then ends the command, not the build. What is read-only belongs to each bash itself.
 */
const ONE_COMMAND = `
keep() {
  local code=$?
  { declare -p | grep -v '^declare -[^ ]*r'; declare -f; } > "$1/shell"
  env -0 > "$1/environment"
  pwd > "$1/folder"
  exit $code
}
if [[ -f $1/shell ]]; then source "$1/shell"; cd "$(< "$1/folder")" || exit; fi
trap "keep '$1'" EXIT
source "$1/command"
`;

export interface ShellSettings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** The one shell of a build: what a command sets is there for the next. */
export class BuildShell {
  private constructor(
    private readonly state: string,
    private readonly settings: ShellSettings,
  ) {}

  static async open(settings: ShellSettings): Promise<BuildShell> {
    return new BuildShell(await mkdtemp(join(tmpdir(), 'spillway-build-shell-')), settings);
  }

  /** @returns the exit code; both outputs go to `onLine` line by line. */
  async run(command: string, variables: Readonly<Record<string, string>> = {}): Promise<number> {
    const assignments = Object.entries(variables).map(
      ([name, value]) => `export ${name}='${value}'\n`,
    );
    await writeFile(join(this.state, 'command'), `${assignments.join('')}${command}\n`);
    const { folder, environment, onLine } = this.settings;
    const child = spawn('bash', ['-c', `exec 2>&1\n${ONE_COMMAND}`, 'codebuild', this.state], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout }).on('line', onLine);
    const linesEnd = new Promise((resolve) => lines.once('close', resolve));
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? (signal ? 128 : 1)));
    });
    await linesEnd;
    return code;
  }

  /** The environment that the last command left. */
  async exported(): Promise<Readonly<Record<string, string>>> {
    const text = await readFile(join(this.state, 'environment'), 'utf8');
    const pairs = text.split('\0').filter((pair) => pair !== '');
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  }

  async close(): Promise<void> {
    await rm(this.state, { recursive: true });
  }
}
