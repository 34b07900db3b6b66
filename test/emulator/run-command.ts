import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface CommandEnd {
  readonly code: number;
  /** Both outputs. */
  readonly output: string;
  readonly standardOutput: string;
}

const MEBIBYTE = 1024 * 1024;

/** Runs a command to its end, whatever its exit code. A command that is not there ends with 127. */
export function runToCode(
  command: string,
  args: readonly string[],
  { folder, environment }: CommandOptions,
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { cwd: folder, env: environment, maxBuffer: 64 * MEBIBYTE },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 127 : 0;
        resolve({ code, output: `${stdout}${stderr}`, standardOutput: stdout });
      },
    );
  });
}

/** Runs a command that must succeed. @returns its output. @throws Error with all output. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const end = await runToCode(command, args, options);
  if (end.code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${end.code}:\n${end.output}`);
  return end.standardOutput;
}
