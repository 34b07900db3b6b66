import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerError, parseFlags } from './arguments';
import type { Machine } from './machine';

const FLAGS = {
  values: [
    '--cap-drop',
    '--entrypoint',
    '--env',
    '-e',
    '--memory',
    '--network',
    '--platform',
    '--tmpfs',
    '--user',
    '--volume',
  ],
  switches: ['--init', '--read-only', '--rm'],
};

/** `docker run`: the image's program in an empty environment. @returns its exit code. */
export function runImage(words: readonly string[], { store }: Machine): number {
  const parsed = parseFlags('run', words, FLAGS);
  const [reference = '', ...args] = parsed.rest;
  if (parsed.has('--entrypoint'))
    throw new DockerError('--entrypoint runs nothing that this image has');
  const image = store.find(reference);
  if (!image) throw new DockerError(`Unable to find image '${reference}' locally`, 125);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-run-'));
  const given = [...parsed.values('--env'), ...parsed.values('-e')].map((pair) =>
    pair.split('=', 2),
  );
  try {
    const { status } = spawnSync(process.execPath, [image.program, ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(given), HOME: folder, TMPDIR: folder },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
