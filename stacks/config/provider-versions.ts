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
