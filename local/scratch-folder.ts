import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, LocalModeError } from '../folder/errors';

/**
 * A temporary folder, and processes that work in it. None of them outlives this process, even when
 * it is killed: a small shell reads from a pipe, and when the pipe closes, it kills the guarded
 * process groups and removes the folder.
 */
export interface ScratchFolder {
  readonly path: string;
  /** Kills this process group (its leader's id) at the end. */
  guard(processGroupId: number): void;
  /** The group has ended by itself, and another process may soon have its id. */
  release(processGroupId: number): void;
  /** Kills the guarded groups and removes the folder. A second call does nothing. */
  remove(): Promise<void>;
}

/**
 * It ignores the terminal's signals, so that Ctrl-C does not end it before this process. The last
 * `rm` is for processes that write late.
 */
const WATCH = `
trap '' INT TERM HUP
groups=
while read -r verb group; do
  kept=
  for g in $groups; do [ "$g" = "$group" ] || kept="$kept $g"; done
  [ "$verb" = guard ] && kept="$kept $group"
  groups=$kept
done
for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
rm -rf -- "$1" 2>/dev/null
if [ -e "$1" ]; then sleep 0.2; rm -rf -- "$1"; fi
`;

/**
 * Makes a new folder below the system's temporary folder.
 * @throws LocalModeError when that cannot be written.
 */
export async function openScratchFolder(parent: string = tmpdir()): Promise<ScratchFolder> {
  const path = await mkdtemp(join(parent, 'spillway-')).catch((error: unknown) => {
    throw new LocalModeError(
      `The temporary folder ${parent} cannot be written (${codeOf(error)}): ` +
        'set TMPDIR to a folder that exists and is yours, or unset it.',
      { cause: error },
    );
  });
  const watch = spawn('/bin/sh', ['-c', WATCH, 'spillway-watch', path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = Promise.race([once(watch, 'exit'), once(watch, 'error')]);
  // A watch that was killed must not end this process by an EPIPE. `remove` then does its work.
  watch.stdin.on('error', () => undefined);
  letUsExit(watch);

  let removed: Promise<void> | undefined;
  const write = (verb: string, group: number) =>
    watch.stdin.writable && watch.stdin.write(`${verb} ${group}\n`);
  return {
    path,
    guard: (group) => write('guard', group),
    release: (group) => write('release', group),
    remove: () => {
      removed ??= (async () => {
        watch.ref();
        watch.stdin.end();
        await ended;
        await rm(path, { recursive: true, force: true });
      })();
      return removed;
    },
  };
}

/** The watch waits for the end of this process, so it must not keep its event loop alive. */
function letUsExit(watch: ChildProcess): void {
  watch.unref();
  const pipe = watch.stdin;
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}
