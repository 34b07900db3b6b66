import {
  access,
  appendFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { codeOf, LocalModeError } from './errors';

/** What a run keeps for itself in `out/`: the lock, and files that are not finished. */
export const OWN_FOLDER = '.spillway';

/** The process that writes to the folder; null once it has ended. */
interface OutLock {
  readonly process: number | null;
}

export interface OutLockOptions {
  /** True when the user named the folder: then no other folder will do. */
  readonly isExplicit: boolean;
  readonly processId?: number;
  readonly isAlive?: (processId: number) => boolean;
}

const lockFile = (folder: string) => path.join(folder, OWN_FOLDER, 'run.json');

/** Names at the top of the folder that a run has made, a line of JSON each. */
const entriesFile = (folder: string) => path.join(folder, OWN_FOLDER, 'entries.jsonl');

/**
 * Locks a folder for this run and removes what an earlier run wrote there.
 * @returns the folder, or the first of `FOLDER-2`, `FOLDER-3` … that no other run is writing to.
 * @throws LocalModeError when the folder holds files that no run wrote, or when the user named it
 *   and another run is writing to it.
 */
export async function lockOutFolder(folder: string, options: OutLockOptions): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? folder : `${folder}-${number}`;
    const holder = await lockOne(candidate, options);
    if (holder === undefined) return candidate;
    if (options.isExplicit)
      throw new LocalModeError(
        `${candidate} is being written by another run (process ${holder}): ` +
          'give another folder with --out, or wait until that run ends.',
      );
  }
}

/**
 * Notes a name at the top of a locked folder before the run makes it: the next run removes the
 * noted names and nothing else.
 */
export async function noteEntry(folder: string, name: string): Promise<void> {
  await appendFile(entriesFile(folder), `${JSON.stringify(name)}\n`);
}

/** Whether a run has written to a folder, or is writing to it. */
export async function isOutFolder(folder: string): Promise<boolean> {
  return exists(lockFile(folder));
}

/** Unlocks the folder for the next run. The outputs in it stay. */
export async function unlockOutFolder(folder: string): Promise<void> {
  const lock: OutLock = { process: null };
  if (await exists(lockFile(folder))) await writeFile(lockFile(folder), JSON.stringify(lock));
  const left = await readdir(path.join(folder, OWN_FOLDER)).catch(() => []);
  for (const name of left)
    if (name.startsWith('part-'))
      await rm(path.join(folder, OWN_FOLDER, name), { recursive: true, force: true });
}

/** @returns the process that holds the folder, or undefined when this run has locked it. */
async function lockOne(folder: string, options: OutLockOptions): Promise<number | undefined> {
  const processId = options.processId ?? process.pid;
  await makeFolder(folder);
  await refuseForeign(folder);
  await makeFolder(path.join(folder, OWN_FOLDER));
  const holder = await takeOver(folder, processId, options.isAlive ?? isAlive);
  if (holder !== undefined) return holder;
  try {
    await placeLock(folder, processId);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await readLock(lockFile(folder)))?.process ?? processId;
  }
}

/**
 * Makes folders one by one, since `recursive` never returns in places such as /proc, where a
 * folder cannot be made.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = path.dirname(folder);
    if (codeOf(error) !== 'ENOENT' || (await exists(parent))) throw error;
    await makeFolder(parent);
    await mkdir(folder);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function refuseForeign(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length === 0 || names.includes(OWN_FOLDER)) return;
  const named = names.length > 1 ? `${names[0]} and others` : names[0];
  throw new LocalModeError(
    `${folder} holds files that no run has written (${named}): ` +
      'give an empty or a new folder with --out.',
  );
}

/**
 * Moves the lock of a run that has ended aside, which only one of several runs can do, and removes
 * what that run wrote.
 * @returns the process that holds the folder, or undefined when the folder is free.
 */
async function takeOver(folder: string, processId: number, alive: (id: number) => boolean) {
  const aside = `${lockFile(folder)}.${processId}`;
  const before = await readLock(lockFile(folder));
  if (before === undefined) return undefined;
  if (before.process !== null && alive(before.process)) return before.process;
  try {
    await rename(lockFile(folder), aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved?.process !== before.process) {
    await rename(aside, lockFile(folder));
    return moved?.process ?? processId;
  }
  await removeEntries(folder);
  await rm(aside, { force: true });
  return undefined;
}

async function removeEntries(folder: string): Promise<void> {
  const lines = await readFile(entriesFile(folder), 'utf8').catch(() => '');
  for (const name of lines.split('\n').map(parsedOrUndefined))
    if (isPlainName(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  await rm(entriesFile(folder), { force: true });
}

const isPlainName = (name: unknown): name is string =>
  typeof name === 'string' &&
  path.basename(name) === name &&
  name !== OWN_FOLDER &&
  !/^\.{0,2}$/.test(name);

async function readLock(file: string): Promise<OutLock | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) =>
    codeOf(error) === 'ENOENT' ? undefined : '',
  );
  if (text === undefined) return undefined;
  const { process: holder } = Object(parsedOrUndefined(text)) as { readonly process?: unknown };
  return { process: Number.isInteger(holder) ? (holder as number) : null };
}

/** A run that dies while it writes can leave half a line behind. */
function parsedOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * Links the lock into place, so that no other run ever reads an empty file.
 * @throws EEXIST when another run was faster.
 */
async function placeLock(folder: string, processId: number): Promise<void> {
  const aside = `${lockFile(folder)}.new.${processId}`;
  const lock: OutLock = { process: processId };
  await writeFile(aside, JSON.stringify(lock));
  try {
    await link(aside, lockFile(folder));
  } finally {
    await rm(aside, { force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
