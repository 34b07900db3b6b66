import { spawn } from 'node:child_process';

export interface ProcessEnd {
  readonly code: number;
  /** The last line of its output, for the user. */
  readonly lastLine: string;
}

/** Variables that would lead an installation out of its virtual environment. */
const MISLEADING =
  /^(PYTHON.*|PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV|PYTHON)|__PYVENV_LAUNCHER__)$/;

/** Runs an installer with the user's proxy and registry settings. */
export function runToEnd(command: string, args: readonly string[]): Promise<ProcessEnd> {
  const environment = Object.entries(process.env).filter(([name]) => !MISLEADING.test(name));
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: '/',
      env: Object.fromEntries(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: -1, lastLine: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, lastLine: lastLineOf(output) }));
  });
}

function lastLineOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.at(-1) ?? 'nothing';
}
