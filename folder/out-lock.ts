import {
  access,
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
import { codeOf } from './error-code';
import { LocalModeError } from './folder-error';

/** What we keep of our own in `out/`: the note that it is ours, and files that are not finished. */
export const OWN_FOLDER = '.spillway';

/** The note in a folder of ours. */
interface Claim {
  /**
   * Names at the top of the folder that the run makes; the next run removes these and nothing else.
   */
  readonly entries: readonly string[];
  /** The process that writes to it; null once it has ended. */
  readonly process: number | null;
}

export interface ClaimOptions {
  readonly entries: readonly string[];
  readonly isExplicit: boolean;
  readonly processId?: number;
  readonly isAlive?: (processId: number) => boolean;
}

const claimFile = (folder: string) => path.join(folder, OWN_FOLDER, 'run.json');

/**
 * Takes a folder for this run and empties it of an earlier one.
 * @returns the folder, or the first of `FOLDER-2`, `FOLDER-3` … that no other run is writing to.
 * @throws LocalModeError when it holds what no run has written, or when a named folder is in use.
 */
export async function lockOutFolder(folder: string, options: ClaimOptions): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? folder : `${folder}-${number}`;
    const user = await claimOne(candidate, options);
    if (user === undefined) return candidate;
    if (options.isExplicit)
      throw new LocalModeError(
        `${candidate} is being written by another run (process ${user}): give another folder with --out, or wait for its end.`,
      );
  }
}

/** Whether a run has written to a folder, or is writing to it. */
export async function isOutFolder(folder: string): Promise<boolean> {
  return exists(claimFile(folder));
}

/** Lets the next run have the folder; its files stay. */
export async function unlockOutFolder(folder: string): Promise<void> {
  const claim = await readClaim(claimFile(folder));
  if (claim !== undefined)
    await writeFile(claimFile(folder), JSON.stringify({ ...claim, process: null }));
  const left = await readdir(path.join(folder, OWN_FOLDER)).catch(() => []);
  for (const name of left)
    if (name.startsWith('part-')) await rm(path.join(folder, OWN_FOLDER, name), { force: true });
}

/** @returns the process that holds the folder, or undefined when it is ours now. */
async function claimOne(folder: string, options: ClaimOptions): Promise<number | undefined> {
  const processId = options.processId ?? process.pid;
  await makeFolder(folder);
  await refuseForeign(folder);
  await makeFolder(path.join(folder, OWN_FOLDER));
  const holder = await takeOver(folder, processId, options.isAlive ?? isAlive);
  if (holder !== undefined) return holder;
  try {
    await placeClaim(folder, { entries: options.entries, process: processId }, processId);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await readClaim(claimFile(folder)))?.process ?? processId;
  }
}

/**
 * One after the other: `recursive` never comes back from places such as /proc, where a folder can
 * be asked for and not made.
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
  throw new LocalModeError(
    `${folder} holds files that no run has written (${names[0]}${names.length > 1 ? ' and others' : ''}): give an empty or a new folder with --out.`,
  );
}

/**
 * Moves the note of a run that has ended aside, which only one of several can do, and removes what
 * that run wrote.
 */
async function takeOver(folder: string, processId: number, alive: (id: number) => boolean) {
  const aside = `${claimFile(folder)}.${processId}`;
  const before = await readClaim(claimFile(folder));
  if (before === undefined) return undefined;
  if (before.process !== null && alive(before.process)) return before.process;
  try {
    await rename(claimFile(folder), aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const moved = await readClaim(aside);
  if (moved?.process !== before.process) {
    await rename(aside, claimFile(folder));
    return moved?.process ?? processId;
  }
  for (const entry of before.entries)
    if (isPlainName(entry)) await rm(path.join(folder, entry), { recursive: true, force: true });
  await rm(aside, { force: true });
  return undefined;
}

const isPlainName = (name: unknown) =>
  typeof name === 'string' && path.basename(name) === name && !/^\.{0,2}$/.test(name);

async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    const { entries, process: holder } = JSON.parse(await readFile(file, 'utf8'));
    return {
      entries: Array.isArray(entries) ? entries : [],
      process: Number.isInteger(holder) ? holder : null,
    };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return { entries: [], process: null };
  }
}

/**
 * Linked into place, so that no other run ever reads an empty note. @throws EEXIST when another run
 * was faster.
 */
async function placeClaim(folder: string, claim: Claim, processId: number): Promise<void> {
  const aside = `${claimFile(folder)}.new.${processId}`;
  await writeFile(aside, JSON.stringify(claim));
  try {
    await link(aside, claimFile(folder));
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
