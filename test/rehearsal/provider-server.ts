import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openScratchFolder } from '../../local/scratch-folder';
import { initProvider, PROVIDER, terraformEnvironment } from './terraform-tools';

/**
 * What Terraform says when it starts a provider itself.
 * https://github.com/hashicorp/terraform-plugin-sdk/blob/main/plugin/serve.go
 */
const AS_TERRAFORM = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
};

/** A provider that is already running. */
export interface ProviderServer {
  /** A `terraform` whose commands ask this provider. */
  readonly terraform: string;
  stop(): Promise<void>;
}

/**
 * Starts the provider that `terraform init` finds once for many commands, each of which would
 * start it three or four times. It has one configuration at a time, so that the commands take
 * turns, and no lock file names it.
 * https://developer.hashicorp.com/terraform/plugin/debugging#debugger-based-debugging
 */
export async function startProvider(endpoint: string): Promise<ProviderServer> {
  const scratch = await openScratchFolder();
  if (!initProvider(scratch.path)) throw new Error(`terraform finds no ${PROVIDER.source}.`);
  const child = spawn(providerIn(scratch.path), {
    cwd: scratch.path,
    detached: true,
    env: { ...terraformEnvironment(endpoint), ...AS_TERRAFORM, TMPDIR: scratch.path },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.pid !== undefined) scratch.guard(child.pid);
  const ended = once(child, 'exit');
  const handshake = once(createInterface({ input: child.stdout }), 'line');
  const told = await Promise.race([handshake, ended]);
  const reattach = { [PROVIDER.source]: addressIn(String(told[0]), child.pid) };
  const terraform = join(scratch.path, 'terraform');
  await writeFile(terraform, terraformScript(JSON.stringify(reattach), scratch.path), {
    mode: 0o755,
  });
  return {
    terraform,
    stop: async () => {
      await scratch.remove();
      await ended;
    },
  };
}

/** Paths of assets are relative to the folder of a stack, and the provider has one of its own. */
function terraformScript(reattach: string, folder: string): string {
  return `#!/bin/sh
[ ! -d assets ] || ln -sfn "$PWD/assets" '${folder}/assets'
TF_REATTACH_PROVIDERS='${reattach}' exec terraform "$@"
`;
}

/** The program in a folder that `terraform init` has prepared. */
function providerIn(folder: string): string {
  const below = join(folder, '.terraform', 'providers');
  // From a mirror it is a link to the folder of the provider, else a file.
  const found = readdirSync(below, { recursive: true, withFileTypes: true });
  const link = found.find((entry) => entry.isSymbolicLink() || entry.name.startsWith('terraform-'));
  if (!link) throw new Error(`There is no provider in ${below}.`);
  const place = join(link.parentPath, link.name);
  if (!link.isSymbolicLink()) return place;
  return join(place, readdirSync(place).find((name) => name.startsWith('terraform-')) ?? '');
}

/** Of a line such as `1|6|unix|/tmp/plugin.sock|grpc|`. */
function addressIn(handshake: string, Pid: number | undefined) {
  const [, version, network, socket, protocol] = handshake.split('|');
  if (protocol !== 'grpc') throw new Error(`The provider did not start; it said: ${handshake}`);
  return {
    Protocol: protocol,
    ProtocolVersion: Number(version),
    Pid,
    // Terraform leaves it running.
    Test: true,
    Addr: { Network: network, String: socket },
  };
}
