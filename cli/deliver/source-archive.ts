import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RefusalError } from '../terminal/failures';

/** The last commit of the checkout, in an archive. */
export interface SourceArchive {
  readonly path: string;
  readonly bytes: number;
  /** The commit's hash. */
  readonly commit: string;
  /** Files of the checkout that are not as the commit has them. */
  readonly uncommitted: number;
}

const CHECKOUT = join(__dirname, '..', '..');
const LIMIT_MILLISECONDS = 120_000;

/**
 * Archives the last commit for as long as it is used.
 * @throws RefusalError where there is no git, no repository or no commit.
 */
export async function withSourceArchive<Result>(
  use: (archive: SourceArchive) => Promise<Result>,
  checkout = CHECKOUT,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-source-'));
  try {
    const path = join(folder, 'source.zip');
    const commit = (await git(checkout, 'rev-parse', '--verify', 'HEAD')).trim();
    const changes = (await git(checkout, 'status', '--porcelain')).split('\n');
    await git(checkout, 'archive', '--format=zip', '--output', path, commit);
    const { size: bytes } = await stat(path);
    return await use({
      path,
      bytes,
      commit,
      uncommitted: changes.filter((line) => line !== '').length,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function git(cwd: string, ...words: readonly string[]): Promise<string> {
  try {
    const options = { cwd, timeout: LIMIT_MILLISECONDS, maxBuffer: 64 * 1024 * 1024 };
    return (await promisify(execFile)('git', [...words], options)).stdout;
  } catch (error) {
    const {
      code,
      stderr = '',
      killed,
    } = Object(error) as { code?: unknown; stderr?: string; killed?: boolean };
    if (code === 'ENOENT')
      throw new RefusalError(
        '`git` is not on this machine: install it, or upload an archive by hand.',
      );
    const why = killed
      ? `it did not end within ${LIMIT_MILLISECONDS / 1_000} seconds`
      : stderr.trim().split('\n')[0];
    throw new RefusalError(
      `git ${words[0]} failed in ${cwd} (${why}): the last commit of this checkout is delivered.`,
      {
        cause: error,
      },
    );
  }
}
