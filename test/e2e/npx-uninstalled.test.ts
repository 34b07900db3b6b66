import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const FILES = [
  'package.json',
  '.npmrc',
  'cli/spillway.mjs',
  'local/prepare.mjs',
  'local/installation.mjs',
];

/** A registry's package of that name is a stranger's; npm looks for the checkout's first. */
test(
  'npx spillway in a checkout without packages runs the checkout itself, and says ' + '`npm ci`',
  async () => {
    const checkout = await mkdtemp(join(tmpdir(), 'spillway-uninstalled-'));
    try {
      for (const file of FILES) await cp(join(ROOT, file), join(checkout, file));
      const environment = { PATH: process.env.PATH, HOME: checkout, npm_config_offline: 'true' };
      const told = await new Promise<string>((resolve) =>
        execFile(
          'npx',
          ['spillway', 'status'],
          { cwd: checkout, env: environment },
          (_error, _out, err) => resolve(err),
        ),
      );
      expect(told).toMatch(
        /^spillway: a package is missing or stale: run `npm ci` in the checkout/,
      );
    } finally {
      await rm(checkout, { recursive: true, force: true });
    }
  },
);
