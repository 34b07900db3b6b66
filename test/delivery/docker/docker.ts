import { readFileSync } from 'node:fs';
import { DockerError, parseFlags } from './arguments';
import { build } from './build';
import { inspect } from './inspect';
import { type Machine, openMachine } from './machine';
import { registryOf } from './registry';
import { runImage } from './run';

type Command = (words: readonly string[], machine: Machine) => Promise<number> | number;

/** Stands for the `docker` command in a build: images are folders, ECR is the emulator's. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'buildx create': createBuilder,
  'buildx build': done(build),
  'image inspect': done(inspect),
  inspect: done(inspect),
  login: logIn,
  push,
  run: runImage,
};

async function main(words: readonly string[]): Promise<number> {
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find(
    (candidate) => candidate in COMMANDS,
  );
  const command = COMMANDS[name ?? ''];
  if (!name || !command)
    throw new DockerError(`'${words.join(' ')}' is not a docker command that is played here`);
  const machine = openMachine(process.env);
  try {
    return await command(words.slice(name.split(' ').length), machine);
  } finally {
    machine.registry.close();
  }
}

function done(work: (words: readonly string[], machine: Machine) => void | Promise<void>): Command {
  return async (words, machine) => {
    await work(words, machine);
    return 0;
  };
}

function createBuilder(words: readonly string[]): number {
  parseFlags('buildx create', words, {
    values: ['--driver', '--driver-opt', '--name', '--platform'],
    switches: ['--bootstrap', '--use'],
  });
  console.log('builder');
  return 0;
}

/** The password comes by standard input, and is not to be empty. */
function logIn(words: readonly string[], machine: Machine): number {
  const parsed = parseFlags('login', words, {
    values: ['--username', '-u'],
    switches: ['--password-stdin'],
  });
  const [registry] = parsed.rest;
  if (!registry || !parsed.has('--password-stdin')) {
    throw new DockerError('a login names its registry and takes --password-stdin');
  }
  if (readFileSync(0, 'utf8').trim() === '') throw new DockerError('Error: Password Required');
  machine.logIn(registry);
  console.log('Login Succeeded');
  return 0;
}

async function push(words: readonly string[], machine: Machine): Promise<number> {
  const [reference = ''] = parseFlags('push', words, { switches: ['--quiet', '-q'] }).rest;
  const image = machine.store.find(reference);
  if (!image) throw new DockerError(`An image does not exist locally with the tag: ${reference}`);
  if (!machine.isLoggedIn(registryOf(reference)))
    throw new DockerError('no basic auth credentials');
  await machine.registry.push(reference, image);
  const repository = reference.slice(0, reference.lastIndexOf(':'));
  machine.store.name(`${repository}@${image.digest}`, image.digest);
  console.log(
    `${reference.slice(repository.length + 1)}: digest: ${image.digest} size: ${image.manifest.length}`,
  );
  return 0;
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
