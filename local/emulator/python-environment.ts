import { createHash } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LocalModeError } from '../../folder/folder-error';
import type { Python } from './find-python';
import { runToEnd } from './run-to-end';
import { sweepOldBuilds } from './sweep-old-builds';

/** Written last, inside a build: a folder without it was left half-made. */
const COMPLETE = 'complete';

/** A program from the Python package registry. */
export interface PythonProgram {
  /** With its version, such as `ministack-1.5.33`; begins the name of its folder. */
  readonly name: string;
  /** For sentences, such as `the local AWS emulator`. */
  readonly title: string;
  /** Path of its pins; whatever they need must be pinned too. */
  readonly requirements: string;
}

export interface InstallOptions {
  readonly cache: string;
  readonly onProgress?: (sentence: string) => void;
}

/**
 * A virtual environment with a program, made on the first call and found again afterwards. Virtual
 * environments cannot be moved, so each build happens in a folder of its own and a symbolic link
 * with the final name appears only when it is complete: starts that race each build their own and
 * agree on one, and a half-made build is never seen.
 * @returns the absolute path of its Python.
 * @throws LocalModeError when the registry cannot be reached, or the cache cannot be written.
 */
export async function installPythonProgram(
  python: Python,
  program: PythonProgram,
  options: InstallOptions,
): Promise<string> {
  const { name, title } = program;
  const link = join(options.cache, `${name}-${await fingerprint(python, program.requirements)}`);
  const installed = await completeBuild(link);
  if (installed) return join(installed, 'bin', 'python');

  options.onProgress?.(`Installing ${title} (${name}) into ${options.cache}, once …`);
  const build = await makeBuildFolder(link, title);
  try {
    await fill(build, python, program);
  } catch (error) {
    await rm(build, { recursive: true, force: true });
    throw error;
  }
  await sweepOldBuilds(options.cache);
  return join(await publish(build, link), 'bin', 'python');
}

/**
 * Another Python, machine or pins is another installation; a home may be shared between machines.
 */
async function fingerprint(python: Python, requirements: string): Promise<string> {
  const pins = await readFile(requirements, 'utf8');
  return createHash('sha256')
    .update(
      JSON.stringify([
        pins,
        python.version,
        await realpath(python.executable),
        process.platform,
        process.arch,
      ]),
    )
    .digest('hex')
    .slice(0, 12);
}

async function completeBuild(link: string): Promise<string | undefined> {
  try {
    const build = await realpath(link);
    await access(join(build, COMPLETE));
    await access(join(build, 'bin', 'python'), constants.X_OK);
    return build;
  } catch {
    return undefined;
  }
}

async function makeBuildFolder(link: string, title: string): Promise<string> {
  try {
    await mkdir(join(link, '..'), { recursive: true });
    return await mkdtemp(`${link}.build-`);
  } catch (error) {
    throw new LocalModeError(
      `The cache folder for ${title} cannot be written (${String((error as Error).message)}): ` +
        'make it writable, or set XDG_CACHE_HOME to a folder that is.',
    );
  }
}

async function fill(build: string, python: Python, program: PythonProgram): Promise<void> {
  const venv = await runToEnd(python.executable, ['-m', 'venv', build]);
  if (venv.code !== 0) {
    throw new LocalModeError(
      `${python.command} ${python.version} could not make a virtual environment in ${build} ("${venv.lastLine}"): ` +
        'see that its venv module is installed and the disk is not full, then start again.',
    );
  }
  const pip = await runToEnd(join(build, 'bin', 'python'), [
    ...[
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--disable-pip-version-check',
      '--no-deps',
      '--no-compile',
    ],
    ...['--retries', '2', '--requirement', program.requirements],
  ]);
  if (pip.code !== 0) {
    throw new LocalModeError(
      `${capitalised(program.title)} (${program.name}) could not be installed: pip said "${pip.lastLine}". Check that this ` +
        'machine reaches its Python package registry (network, proxy, pip configuration), then start again.',
    );
  }
  await writeFile(join(build, COMPLETE), '');
}

/**
 * Gives the link its target; the first complete build wins, and one that is damaged is replaced.
 */
async function publish(build: string, link: string): Promise<string> {
  const winner = await completeBuild(link);
  if (winner) {
    await rm(build, { recursive: true, force: true });
    return winner;
  }
  const fresh = `${build}.link`;
  await symlink(basename(build), fresh);
  await rename(fresh, link);
  return realpath(link);
}

function capitalised(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
