import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Architecture } from '../../contract/delivery';

const ROOT = join(__dirname, '..', '..');

export interface MachineSettings {
  /** Where the machine's commands, images and packages lie. */
  readonly folder: string;
  readonly architecture: Architecture;
}

/** What `uname -m` says. */
const HARDWARE: Record<Architecture, string> = { arm64: 'aarch64', x86_64: 'x86_64' };
const IMAGE_ARCHITECTURE: Record<Architecture, string> = { arm64: 'arm64', x86_64: 'amd64' };

/**
 * Makes the commands in which CodeBuild's machine differs: `docker`, `uname` and `npm`, which
 * installs the deployer's packages only once. @returns the folder to put in front of PATH.
 */
export async function makeCommands({ folder, architecture }: MachineSettings): Promise<string> {
  const commands = join(folder, `commands-${architecture}`);
  await mkdir(commands, { recursive: true });
  await bundleDocker(commands);
  const variables = {
    FAKE_DOCKER_FOLDER: folder,
    FAKE_DOCKER_ARCHITECTURE: IMAGE_ARCHITECTURE[architecture],
    FAKE_DOCKER_PACKAGES: join(ROOT, 'node_modules'),
  };
  const settings = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  const program = `exec '${process.execPath}' '${join(commands, 'docker.js')}' "$@"`;
  await writeCommand(commands, 'docker', `${settings.join('')}${program}`);
  await writeCommand(commands, 'uname', unameScript(HARDWARE[architecture]));
  await writeCommand(commands, 'npm', npmScript(join(folder, 'packages')));
  return commands;
}

async function bundleDocker(folder: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, 'docker', 'docker.ts')],
    outfile: join(folder, 'docker.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
}

async function writeCommand(folder: string, name: string, script: string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/bash\n${script}\n`);
  await chmod(file, 0o755);
}

function unameScript(hardware: string): string {
  return (
    `if [[ $* == -m ]]; then echo ${hardware}; else echo "uname: only -m is played" ` +
    '>&2; exit 1; fi'
  );
}

/** By the lock file: another one is installed. */
function npmScript(kept: string): string {
  return `
set -euo pipefail
kept='${kept}'-$(sha256sum package-lock.json | cut -c 1-16)
if [[ $1 == ci && -d $kept ]]; then ln -s "$kept/node_modules" node_modules; exit; fi
PATH=\${PATH#*:} npm "$@"
if [[ $1 != ci ]]; then exit; fi
mkdir -p "$kept"
mv node_modules "$kept/"
ln -s "$kept/node_modules" node_modules`;
}
