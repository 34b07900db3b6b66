import type { CodebuildProjectEnvironment } from '@cdktf/provider-aws/lib/codebuild-project';
import type { Architecture } from '../../../contract/delivery';

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html */
const MACHINES = {
  arm64: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
  x86_64: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
} as const satisfies Record<Architecture, object>;

/** The machine of a CodeBuild project, and its variables. */
export function buildMachine(
  architecture: Architecture,
  variables: Readonly<Record<string, string>>,
): CodebuildProjectEnvironment {
  return {
    ...MACHINES[architecture],
    computeType: 'BUILD_GENERAL1_SMALL',
    environmentVariable: Object.entries(variables).map(([name, value]) => ({ name, value })),
  };
}
