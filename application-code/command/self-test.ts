import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface SelfTestSubject {
  /** What keeps the program from being started. */
  readonly faults: () => Promise<readonly string[]>;
  /** Folder of the scratch volume. */
  readonly scratch: string;
  /** A command that ends well where the program can run. */
  readonly probe?: readonly string[];
}

const PROBE_MILLISECONDS = 60_000;

/**
 * Checks where the program will run whether it can, without AWS.
 * @returns whether all is well.
 */
export async function selfTest(
  { faults, scratch, probe }: SelfTestSubject,
  write: (line: string) => void,
): Promise<boolean> {
  const checks: readonly (readonly [string, () => Promise<void>])[] = [
    ['the program is there and executable', async () => refuse(await faults())],
    [`a folder can be made in ${scratch}`, () => writeIn(scratch)],
    ...(probe ? [[`${probe.join(' ')} ends well`, () => run(probe)] as const] : []),
  ];
  const results: boolean[] = [];
  for (const [title, check] of checks) results.push(await isWell(title, check, write));
  return results.every(Boolean);
}

async function isWell(title: string, check: () => Promise<void>, write: (line: string) => void) {
  try {
    await check();
    write(`ok      ${title}`);
    return true;
  } catch (error) {
    write(`FAILED  ${title}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('; '));
}

async function writeIn(scratch: string): Promise<void> {
  const folder = await mkdtemp(join(scratch, 'self-test-'));
  await writeFile(join(folder, 'input'), 'x');
  await rm(folder, { recursive: true });
}

async function run([file = '', ...words]: readonly string[]): Promise<void> {
  await promisify(execFile)(file, words, { timeout: PROBE_MILLISECONDS });
}
