import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerError, parseFlags } from './arguments';
import { build } from './build';
import { type ImageArchitecture, ImageStore, type StoredImage } from './image-store';
import { Registry, registryOf } from './registry';

/** What the machine of a build has beside its sources; the command's own file sets it. */
export interface Machine {
  readonly architecture: ImageArchitecture;
  readonly store: ImageStore;
  readonly registry: Registry;
  /** Folder of installed packages, as `npm ci` in an image would make it. */
  readonly packages: string;
  /** File with the registries that the machine is logged in to. */
  readonly logins: string;
}

function openMachine(): Machine {
  const { FAKE_DOCKER_FOLDER: folder = '', FAKE_DOCKER_PACKAGES: packages = '' } = process.env;
  const architecture = process.env.FAKE_DOCKER_ARCHITECTURE === 'arm64' ? 'arm64' : 'amd64';
  const [store, registry] = [new ImageStore(folder), new Registry()];
  return { architecture, packages, store, registry, logins: join(folder, 'logins') };
}

type Command = (words: readonly string[], machine: Machine) => Promise<unknown> | unknown;

/** Stands for the `docker` command in a build: images are folders, ECR is the emulator's. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'buildx create': createBuilder,
  'buildx build': build,
  'image inspect': inspect,
  inspect,
  login: logIn,
  push,
  run: runImage,
};

/** @returns the exit code; a command that returns none ends with 0. */
async function main(words: readonly string[]): Promise<number> {
  const names = [words.slice(0, 2).join(' '), words[0] ?? ''];
  const name = names.find((candidate) => candidate in COMMANDS) ?? '';
  const command = COMMANDS[name];
  if (!command) throw new DockerError(`'${words.join(' ')}' is no command of this fake docker`);
  const machine = openMachine();
  try {
    return Number((await command(words.slice(name.split(' ').length), machine)) ?? 0);
  } finally {
    machine.registry.close();
  }
}

function createBuilder(words: readonly string[]): void {
  const values = ['--driver', '--driver-opt', '--name', '--platform'];
  parseFlags('buildx create', words, { values, switches: ['--bootstrap', '--use'] });
  console.log('builder');
}

/** Templates that a build has used so far. */
const TEMPLATES: Readonly<Record<string, (image: StoredImage) => string>> = {
  '{{.Architecture}}': ({ config }) => config.architecture,
  '{{.Os}}/{{.Architecture}}': ({ config }) => `${config.os}/${config.architecture}`,
  '{{.Config.User}}': ({ config }) => config.config.User,
  '{{.Id}}': ({ digest }) => digest,
};

function inspect(words: readonly string[], { store }: Machine): void {
  const parsed = parseFlags('image inspect', words, { values: ['--format', '-f', '--type'] });
  const [reference = ''] = parsed.rest;
  const image = store.find(reference);
  if (!image) throw new DockerError(`Error response from daemon: No such image: ${reference}`);
  const template = parsed.values('--format')[0] ?? parsed.values('-f')[0] ?? '';
  const show = TEMPLATES[template];
  if (!show) throw new DockerError(`this fake docker does not know the format '${template}'`);
  console.log(show(image));
}

const loginsOf = ({ logins }: Machine) =>
  existsSync(logins) ? readFileSync(logins, 'utf8').split('\n') : [];

/** The password comes by standard input, and is not empty. */
function logIn(words: readonly string[], machine: Machine): void {
  const flags = { values: ['--username', '-u'], switches: ['--password-stdin'] };
  const parsed = parseFlags('login', words, flags);
  const [registry] = parsed.rest;
  if (!registry || !parsed.has('--password-stdin'))
    throw new DockerError('a login names its registry and takes --password-stdin');
  if (readFileSync(0, 'utf8').trim() === '') throw new DockerError('Error: Password Required');
  writeFileSync(machine.logins, [...loginsOf(machine), registry].join('\n'));
  console.log('Login Succeeded');
}

async function push(words: readonly string[], machine: Machine): Promise<void> {
  const [reference = ''] = parseFlags('push', words, { switches: ['--quiet', '-q'] }).rest;
  const image = machine.store.find(reference);
  if (!image) throw new DockerError(`An image does not exist locally with the tag: ${reference}`);
  if (!loginsOf(machine).includes(registryOf(reference)))
    throw new DockerError('no basic auth credentials');
  await machine.registry.push(reference, image);
  const repository = reference.slice(0, reference.lastIndexOf(':'));
  const tag = reference.slice(repository.length + 1);
  machine.store.name(`${repository}@${image.digest}`, image.digest);
  console.log(`${tag}: digest: ${image.digest} size: ${image.manifest.length}`);
}

const RUN_VALUES =
  '--cap-drop --entrypoint --env -e --memory --network --platform --tmpfs --user --volume';
const RUN_FLAGS = { values: RUN_VALUES.split(' '), switches: ['--init', '--read-only', '--rm'] };

/** The image's program in an empty environment. @returns its exit code. */
function runImage(words: readonly string[], { store }: Machine): number {
  const parsed = parseFlags('run', words, RUN_FLAGS);
  const [reference = '', ...args] = parsed.rest;
  if (parsed.has('--entrypoint')) throw new DockerError('--entrypoint runs nothing of this image');
  const image = store.find(reference);
  if (!image) throw new DockerError(`Unable to find image '${reference}' locally`, 125);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-run-'));
  const pairs = [...parsed.values('--env'), ...parsed.values('-e')];
  const given = Object.fromEntries(pairs.map((pair) => pair.split('=', 2)));
  try {
    const { status } = spawnSync(process.execPath, [image.program, ...args], {
      cwd: folder,
      env: { ...given, HOME: folder, TMPDIR: folder },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(`docker: ${error.message}`);
    process.exitCode = error instanceof DockerError ? error.exitCode : 1;
  },
);
