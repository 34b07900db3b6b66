import { spawnSync } from 'node:child_process';

/** Set for the program that runs alone. */
const ALONE = 'SPILLWAY_BENCH_ALONE';
/** https://man7.org/linux/man-pages/man1/unshare.1.html */
const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];

/**
 * Runs this program again where it sees its own processes alone, as a task does.
 * @returns its exit code; undefined in that program, and where the machine does not allow it.
 */
export function runAlone(): number | undefined {
  if (process.env[ALONE] || spawnSync('unshare', [...NAMESPACE, 'true']).status !== 0)
    return undefined;
  const { execPath, execArgv, argv } = process;
  const { status } = spawnSync('unshare', [...NAMESPACE, execPath, ...execArgv, ...argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [ALONE]: 'true' },
  });
  return status ?? 1;
}
