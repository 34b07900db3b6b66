import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const root = join(__dirname, '../..');

/** Runs what `npx spillway` runs, below the checkout, with an environment of its own. */
export function spillway(
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...variables };
    const command = join(root, 'node_modules/.bin/spillway');
    const options = { cwd: join(root, 'docs'), env, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, [...words], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
    onStart(child);
  });
}
