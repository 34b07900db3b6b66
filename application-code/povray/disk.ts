import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { REQUIRES_FAKECHROOT } from './environment';

/** Where Debian's package has what a scene may include. */
export const INCLUDE = '/usr/share/povray-3.7/include';

/** Settings run no other program, such as `Pre_Scene_Command`. */
const RESTRICTIONS = '[Shellout Security]\nforbidden\n';

/** The libraries of an architecture: https://wiki.debian.org/Multiarch/Tuples */
const TUPLES: Partial<Record<NodeJS.Architecture, string>> = {
  arm64: 'aarch64-linux-gnu',
  x64: 'x86_64-linux-gnu',
};
const FAKECHROOT = `/usr/lib/${TUPLES[process.arch]}/fakechroot/libfakechroot.so`;

/** Whether a scene can be kept to its own files. */
export function hasFakechroot(): boolean {
  return existsSync(FAKECHROOT);
}

/** All files that POV-Ray sees for a scene. */
export interface Disk {
  /** The unpacked archive. */
  readonly scene: string;
  /** Where POV-Ray writes. */
  readonly pictures: string;
  /** With these POV-Ray sees no other files. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Lays out a disk for one scene in a new, empty folder.
 *
 * The language of scenes opens files by any name, to read and to write, and the restrictions of
 * POV-Ray 3.7 on files do not work: a slip in its parser leaves them off
 * (https://github.com/POV-Ray/povray/issues/158). So POV-Ray runs with Debian's libfakechroot,
 * which needs no privileges and takes this folder for the root of all file names, after `..` is
 * resolved. The other restriction of its own, on
 * programs, does work.
 */
export async function layDisk(
  root: string,
  { library = FAKECHROOT, isRequired = REQUIRES_FAKECHROOT } = {},
): Promise<Disk> {
  const isRestricted = existsSync(library);
  if (!isRestricted && isRequired) {
    throw new Error(`There is no ${library}: install libfakechroot in the image.`);
  }
  const disk = { scene: join(root, 'scene'), pictures: join(root, 'output') };
  const settings = join(root, '.povray/3.7');
  for (const folder of [disk.scene, disk.pictures, settings]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(join(settings, 'povray.conf'), RESTRICTIONS);
  if (!isRestricted) return { ...disk, environment: { HOME: root } };
  await mkdir(dirname(join(root, INCLUDE)), { recursive: true });
  if (existsSync(INCLUDE)) await cp(INCLUDE, join(root, INCLUDE), { recursive: true });
  const environment = { HOME: '/', LD_PRELOAD: library, FAKECHROOT_BASE: root };
  return { ...disk, environment };
}
