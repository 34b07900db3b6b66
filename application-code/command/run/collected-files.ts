import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentFault } from '../../worker/src/faults';
import { MIB } from '../definition';

/** Deeper ones cannot be a key of S3, which has 1,024 bytes. */
const MAX_PATH_BYTES = 1_024;

export interface OutputBounds {
  readonly maxOutputFiles: number;
  readonly maxOutputMiB: number;
}

/**
 * The files below the output folder of a job whose processes have all ended: their paths below it,
 * sorted.
 * @throws PermanentFault `OutputNotAllowed` for anything that is not a plain file in a plain
 *   folder, for a name that cannot be a key, and for too many or too large files.
 */
export async function collectedFiles(
  output: string,
  { maxOutputFiles, maxOutputMiB }: OutputBounds,
): Promise<readonly string[]> {
  const root = await lstat(output).catch(() => undefined);
  if (!root?.isDirectory()) throw notAllowed('The program has replaced its output folder.');
  const files: string[] = [];
  let bytes = 0;
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(output, folder)) {
      const path = `${folder}${checkedName(entry, folder)}`;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else {
        files.push(path);
        bytes += await bytesOf(join(output, path), path);
      }
      if (files.length > maxOutputFiles) throw tooMany(maxOutputFiles);
      if (bytes > maxOutputMiB * MIB) throw tooLarge(maxOutputMiB);
    }
  }
  return files.sort();
}

async function entriesOf(output: string, folder: string): Promise<readonly Dirent<Buffer>[]> {
  try {
    return await readdir(join(output, folder), { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    throw notAllowed(`output/${folder} cannot be read: ${String(error)}.`, error);
  }
}

async function bytesOf(file: string, path: string): Promise<number> {
  const { size, mode } = await lstat(file);
  // The mode decides, since root could read it all the same.
  if ((mode & 0o400) === 0) throw notAllowed(`output/${path} may not be read by its owner.`);
  return size;
}

function checkedName(entry: Dirent<Buffer>, folder: string): string {
  const name = entry.name.toString();
  const shown = JSON.stringify(`output/${folder}${name}`);
  if (!Buffer.from(name).equals(entry.name) || /\p{Cc}/u.test(name))
    throw notAllowed(`The name ${shown} is no text, or has control characters.`);
  if (Buffer.byteLength(`${folder}${name}`) > MAX_PATH_BYTES)
    throw notAllowed(`A path below output/ has more than ${MAX_PATH_BYTES} bytes.`);
  if (!entry.isFile() && !entry.isDirectory())
    throw notAllowed(`${shown} is ${kindOf(entry)}; only files and folders are taken.`);
  return name;
}

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (entry.isFIFO()) return 'a pipe';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}

function tooMany(most: number): PermanentFault {
  return notAllowed(
    `The job has more than ${most} outputs; raise maxOutputFiles of the workload, or pack them.`,
  );
}

function tooLarge(mostMiB: number): PermanentFault {
  return notAllowed(
    `The outputs of the job have more than ${mostMiB} MiB; raise maxOutputMiB of the workload.`,
  );
}

function notAllowed(message: string, cause?: unknown): PermanentFault {
  return new PermanentFault('OutputNotAllowed', message, { cause });
}
