import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsEnvironment } from '../../local/environment';
import { PROVIDER_VERSIONS } from '../../stacks/config/terraform-version';

export const PROVIDER = { source: 'hashicorp/aws', version: PROVIDER_VERSIONS };
const INSTALL_MILLISECONDS = 180_000;

/** Why no deploy can be rehearsed here; undefined when everything is there. */
export function whyNoRehearsal(): string | undefined {
  if (spawnSync('terraform', ['version']).status !== 0)
    return 'there is no `terraform` command on this machine';
  if (spawnSync('aws', ['--version']).status !== 0)
    return 'there is no `aws` command on this machine';
  const folder = mkdtempSync(join(tmpdir(), 'spillway-provider-'));
  try {
    return initProvider(folder)
      ? undefined
      : `the provider ${PROVIDER.source} ${PROVIDER.version} cannot be installed`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets `terraform init` find the provider for a folder. @returns whether it has. */
export function initProvider(folder: string): boolean {
  const required = { terraform: { required_providers: { aws: PROVIDER } } };
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(required));
  const { status } = spawnSync('terraform', ['init', '-input=false', '-no-color'], {
    cwd: folder,
    timeout: INSTALL_MILLISECONDS,
  });
  return status === 0;
}

/** Why no push can be rehearsed on this machine, or undefined: what is needed beside a deploy. */
export function whyNoPush(): string | undefined {
  const needed = [
    ['git', '--version'],
    ['unzip', '-v'],
  ] as const;
  const lacking = needed.find(([command, question]) => spawnSync(command, [question]).status !== 0);
  return lacking ? `there is no \`${lacking[0]}\` command on this machine` : whyNoRehearsal();
}

/** Variables that say where terraform finds its providers, and which npm npx is. */
const KEPT = new RegExp(
  '^(PATH|HOME|TF_|CDKTF_|CHECKPOINT_DISABLE$|REHEARSAL_|npm_config_|LANG$|SSL_' +
    '|NODE_EXTRA_CA_CERTS$|XDG_CACHE_HOME$)',
);

/** Environment of terraform and cdktf: all goes to the emulator, nothing to the user's AWS. */
export function terraformEnvironment(endpoint: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => KEPT.test(name) && value !== undefined,
  );
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    ...awsEnvironment(endpoint),
    TF_IN_AUTOMATION: '1',
    CI: '1',
    CHECKPOINT_DISABLE: '1',
    FORCE_COLOR: '0',
  };
}
