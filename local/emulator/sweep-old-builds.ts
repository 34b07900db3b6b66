import { readdir, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Far longer than any build takes, so that nobody's running build is taken away. */
const ABANDONED_AFTER_MILLISECONDS = 3_600_000;

/**
 * Removes builds that no link names and that nobody has touched for an hour. What cannot be removed
 * stays.
 */
export async function sweepOldBuilds(cache: string, now: () => number = Date.now): Promise<void> {
  const names = await readdir(cache);
  const targets = await Promise.all(
    names.map((name) => readlink(join(cache, name)).catch(() => undefined)),
  );
  const abandoned = names.filter((name) => name.includes('.build-') && !targets.includes(name));
  await Promise.all(
    abandoned.map(async (name) => {
      const { mtimeMs } = await stat(join(cache, name)).catch(() => ({ mtimeMs: now() }));
      if (now() - mtimeMs < ABANDONED_AFTER_MILLISECONDS) return;
      await rm(join(cache, name), { recursive: true, force: true }).catch(() => undefined);
    }),
  );
}
