import { execFile } from 'node:child_process';
import { ConfigError } from './blueprint-config';

/** S3 locks a state by itself from this version on. */
export const OLDEST_TERRAFORM = '1.10.0';

/**
 * Looks at the version of Terraform before anything is synthesised, since the cdktf command line
 * says only `execvp(3) failed` without it.
 * @throws ConfigError when it is missing or older than {@link OLDEST_TERRAFORM}.
 */
export function checkTerraform(version: string | undefined): void {
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

/**
 * The version of the program that the cdktf command line will run, or undefined without Terraform.
 */
export function askTerraform(): Promise<string | undefined> {
  const program = process.env.TERRAFORM_BINARY_NAME || 'terraform';
  // Terraform would otherwise ask its maker for news.
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  return new Promise((resolve) => {
    execFile(program, ['version', '-json'], { env }, (error, stdout) => {
      resolve(error ? undefined : (JSON.parse(stdout) as Version).terraform_version);
    });
  });
}

interface Version {
  readonly terraform_version: string;
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
