import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { layDisk } from './disk';
import type { RenderProgress } from './messages';
import { PICTURE, render, SETTINGS } from './povray';
import { SceneFault } from './scene-fault';
import { unpack } from './unpack';

export interface SceneJob {
  /** Path of the zip archive. */
  readonly archive: string;
  /** An empty folder for the job's files, which the caller removes. */
  readonly folder: string;
  /** Where the pictures come. */
  readonly output: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  onProgress(progress: RenderProgress): void;
}

/**
 * Makes the pictures of one archive: `lantern.png` where the settings are `lantern.ini`, and
 * `lantern-1.png`, `lantern-2.png` … of an animation.
 * @throws SceneFault when archive or scene are wrong.
 */
export async function renderScene({ archive, folder, output, ...job }: SceneJob): Promise<void> {
  const disk = await layDisk(join(folder, 'disk'));
  const files = await unpack({ archive, folder: disk.scene, signal: job.signal });
  const ini = iniOf(files);
  const scenes = dirname(join(disk.scene, ini));
  const settings = await readFile(join(disk.scene, ini));
  await writeFile(join(scenes, SETTINGS), Buffer.concat([defaultScene(files, ini), settings]));
  await render({ ...job, disk, folder: scenes });
  const pictures = (await readdir(disk.pictures)).filter((name) => name.endsWith('.png'));
  if (pictures.length === 0) throw new SceneFault(`${ini} asks for no picture.`);
  await mkdir(output, { recursive: true });
  for (const name of pictures) {
    const frame = name.slice(PICTURE.length, -'.png'.length);
    const picture = [stemOf(ini), ...(frame === '' ? [] : [frame])].join('-');
    await rename(join(disk.pictures, name), join(output, `${picture}.png`));
  }
}

function iniOf(files: readonly string[]): string {
  const [ini, ...others] = files.filter((path) => extname(path).toLowerCase() === '.ini');
  if (ini === undefined) {
    throw new SceneFault(
      'The archive holds no settings: it must hold one file that ends in .ini, beside the scene.',
    );
  }
  if (others.length > 0) {
    const all = [ini, ...others].join(', ');
    throw new SceneFault(`The archive must hold one file that ends in .ini, but it holds ${all}.`);
  }
  return ini;
}

/** Names the scene where only one can be meant; otherwise the settings must name it. */
function defaultScene(files: readonly string[], ini: string): Buffer {
  const scenes = files.filter(
    (path) => extname(path).toLowerCase() === '.pov' && dirname(path) === dirname(ini),
  );
  return Buffer.from(
    scenes.length === 1 ? `Input_File_Name="${basename(scenes[0] as string)}"\n` : '',
  );
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}
