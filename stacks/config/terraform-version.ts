import { spawnSync } from 'node:child_process';
import { ConfigError } from './blueprint-config';

/** S3 locks a state by itself from this version on. */
export const OLDEST_TERRAFORM = '1.10.0';

/** The version that the Terraform command line reports, or undefined without Terraform. */
type AskVersion = () => string | undefined;

/**
 * Looks for Terraform before anything is synthesised, since the cdktf command line says only
 * `execvp(3) failed` without it.
 * @throws ConfigError when it is missing or older than {@link OLDEST_TERRAFORM}.
 */
export function checkTerraform(askVersion: AskVersion = askTerraform): void {
  const version = askVersion();
  const advice = 'install a newer one from https://developer.hashicorp.com/terraform/install';
  if (version === undefined)
    throw new ConfigError([
      `Terraform ${OLDEST_TERRAFORM} or newer is needed, but no \`terraform\` command was ` +
        `found: ${advice}`,
    ]);
  if (isOlder(version, OLDEST_TERRAFORM))
    throw new ConfigError([
      `Terraform ${OLDEST_TERRAFORM} or newer is needed, but this is Terraform ${version}: ` +
        `${advice}`,
    ]);
}

/** The program that the cdktf command line will run. */
function askTerraform(): string | undefined {
  const { status, stdout } = spawnSync(
    process.env.TERRAFORM_BINARY_NAME || 'terraform',
    ['version', '-json'],
    {
      encoding: 'utf8',
      // Terraform would otherwise ask its maker for news.
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    },
  );
  if (status !== 0) return undefined;
  const { terraform_version: version } = JSON.parse(stdout) as {
    readonly terraform_version: string;
  };
  return version;
}

function isOlder(version: string, bound: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number);
  const [given, wanted] = [parts(version), parts(bound)];
  const differs = wanted.findIndex((part, index) => part !== given[index]);
  return differs >= 0 && (given[differs] ?? 0) < (wanted[differs] ?? 0);
}

/**
 * Versions of the provider `hashicorp/aws` that a deploy takes, as Terraform writes a constraint.
 * The bindings are archived and ask for exactly 6.25.0; what they synthesise is valid in all of 6.
 *
 * - from 6.40.0: encryption types that S3 blocks by itself are no longer a change at each plan
 *   (https://github.com/hashicorp/terraform-provider-aws/pull/47359)
 * - not 6.57.0: withdrawn (https://github.com/hashicorp/terraform-provider-aws/issues/49181)
 * - below 7: a major version may rename arguments
 *
 * The first number must be one that the range allows: cdktf compares it with the lock file, and
 * asks for the newest version at each deploy when it does not fit.
 */
export const PROVIDER_VERSIONS = '>= 6.40.0, != 6.57.0, < 7.0.0';
