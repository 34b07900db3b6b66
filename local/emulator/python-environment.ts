import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { LocalModeError } from '../../folder/errors';
import type { Python } from './find-python';

/** A file that is written last: a build without it is not complete. */
const COMPLETE = 'complete';

/** Far longer than any build takes, so that no running build is removed. */
const ABANDONED_AFTER_MILLISECONDS = 3_600_000;

/** A program from the Python package registry. */
interface PythonProgram {
  /** With its version, such as `ministack-1.5.33`; begins the name of its folder. */
  readonly name: string;
  /** For sentences, such as `the local AWS emulator`. */
  readonly title: string;
  /** Path of its pinned packages, with all that these need. */
  readonly requirements: string;
  /** Environment variables of pip, such as for what a package builds as it is installed. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface InstallOptions {
  readonly cache: string;
  readonly onProgress?: (sentence: string) => void;
}

/**
 * The user's cache folder for what we install: `$XDG_CACHE_HOME/spillway` or `~/.cache/spillway`,
 * on macOS `~/Library/Caches/spillway`. The specification says to ignore a relative
 * `XDG_CACHE_HOME`.
 */
export function cacheFolder(
  platform: NodeJS.Platform,
  home: string,
  xdgCacheHome: string | undefined,
): string {
  if (xdgCacheHome && isAbsolute(xdgCacheHome)) return join(xdgCacheHome, 'spillway');
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'spillway')
    : join(home, '.cache', 'spillway');
}

/**
 * A virtual environment with a program. The first call makes it, and later calls find it. Virtual
 * environments cannot be moved, so each build has a folder of its own, and a symbolic link with
 * the final name appears only when the build is complete. Concurrent starts each build their own
 * and agree on one, and no start sees an incomplete build.
 * @returns the absolute path of its Python.
 * @throws LocalModeError when the registry cannot be reached, or the cache cannot be written.
 */
export async function installPythonProgram(
  python: Python,
  program: PythonProgram,
  options: InstallOptions,
): Promise<string> {
  const { name, title } = program;
  const link = join(options.cache, `${name}-${await fingerprint(python, program)}`);
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
 * Differs for each Python, machine, set of pins and variables, since machines may share a home
 * folder.
 */
async function fingerprint(
  python: Python,
  { requirements, variables }: PythonProgram,
): Promise<string> {
  const pins = await readFile(requirements, 'utf8');
  return createHash('sha256')
    .update(
      JSON.stringify([
        pins,
        python.version,
        await realpath(python.executable),
        process.platform,
        process.arch,
        ...(variables ? [variables] : []),
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
      `${python.command} ${python.version} could not make a virtual environment in ${build} ` +
        `("${venv.lastLine}"): check that its venv module is installed and the disk is not full, ` +
        'then start again.',
    );
  }
  const install = [
    ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
    ...['--no-deps', '--no-compile', '--retries', '2', '--requirement', program.requirements],
  ];
  const pip = await runToEnd(join(build, 'bin', 'python'), install, program.variables);
  if (pip.code !== 0) {
    throw new LocalModeError(
      `${capitalised(program.title)} (${program.name}) could not be installed: ` +
        `pip said "${pip.lastLine}". Check that this machine reaches its Python package ` +
        'registry (network, proxy, pip configuration), then start again.',
    );
  }
  await writeFile(join(build, COMPLETE), '');
}

/** Points the link at the build. The first complete build stays; a damaged one is replaced. */
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

/**
 * Removes builds without a link that were last written an hour ago or longer. Builds that cannot
 * be removed stay.
 */
async function sweepOldBuilds(cache: string): Promise<void> {
  const names = await readdir(cache);
  const targets = await Promise.all(
    names.map((name) => readlink(join(cache, name)).catch(() => undefined)),
  );
  const abandoned = names.filter((name) => name.includes('.build-') && !targets.includes(name));
  await Promise.all(
    abandoned.map(async (name) => {
      const { mtimeMs } = await stat(join(cache, name)).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs < ABANDONED_AFTER_MILLISECONDS) return;
      await rm(join(cache, name), { recursive: true, force: true }).catch(() => undefined);
    }),
  );
}

interface ProcessEnd {
  readonly code: number;
  /** The last line of its output, for the user. */
  readonly lastLine: string;
}

/** Variables that would lead an installation out of its virtual environment. */
const MISLEADING =
  /^(PYTHON.*|PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV|PYTHON)|__PYVENV_LAUNCHER__)$/;

/** Runs an installer with the user's proxy and registry settings. */
function runToEnd(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<ProcessEnd> {
  const environment = Object.entries(process.env).filter(([name]) => !MISLEADING.test(name));
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: '/',
      env: { ...Object.fromEntries(environment), ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: -1, lastLine: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, lastLine: lastLineOf(output) }));
  });
}

function lastLineOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.at(-1) ?? 'nothing';
}
