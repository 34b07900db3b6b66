import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasFakechroot, layDisk } from './disk';
import { render, SETTINGS } from './povray';
import { SceneFault } from './scene-fault';

const BALL = `
  #version 3.7; global_settings { assumed_gamma 1 }
  camera { location <0, 1, -4> look_at 0 } light_source { <5, 5, -5> rgb 1 }
  sphere { 0, 1 pigment { rgb 1 } }`;

const INSTALL = 'on Debian and Ubuntu: apt-get install povray libfakechroot';

/** A check, and what it says when it fails: it rejects. */
type Check = readonly [title: string, check: () => Promise<unknown>];

const CHECKS: readonly Check[] = [
  ['povray renders a scene', () => pictures(BALL)],
  ['a scene includes what povray comes with', () => pictures(`#include "colors.inc" ${BALL}`)],
];
const RESTRICTED: Check = ['a scene opens its own files alone', refusesOtherFiles];

/**
 * Checks where scenes will be rendered whether they can, without AWS.
 * @returns whether all is well.
 */
export async function selfTest(write: (line: string) => void): Promise<boolean> {
  const results: boolean[] = [];
  for (const [title, check] of hasFakechroot() ? [...CHECKS, RESTRICTED] : CHECKS) {
    const fault = await check().then(() => undefined, sentence);
    write(fault === undefined ? `ok      ${title}` : `FAILED  ${title}: ${fault}`);
    results.push(fault === undefined);
    // Each of the others would say the same.
    if (fault !== undefined) break;
  }
  return results.every(Boolean);
}

function sentence(error: unknown): string {
  const { syscall, message } = error as NodeJS.ErrnoException;
  return syscall === 'spawn povray' ? `povray is in no folder of PATH; ${INSTALL}` : message;
}

async function refusesOtherFiles(): Promise<void> {
  const other = process.execPath;
  const seen = await pictures(
    `#if (file_exists("${other}")) ${BALL} #else #error "none" #end`,
  ).then(
    () => true,
    (error: unknown) => {
      if (error instanceof SceneFault) return false;
      throw error;
    },
  );
  if (seen) throw new Error(`it sees ${other}`);
}

async function pictures(scene: string): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'self-test-'));
  try {
    const disk = await layDisk(root);
    await writeFile(join(disk.scene, SETTINGS), 'Input_File_Name=a.pov\nWidth=8\nHeight=6\n');
    await writeFile(join(disk.scene, 'a.pov'), scene);
    const { signal } = new AbortController();
    await render({ disk, folder: disk.scene, threads: 1, signal, onProgress: () => undefined });
    return await readdir(disk.pictures);
  } finally {
    await rm(root, { recursive: true });
  }
}
