import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { CodebuildProjectEnvironment } from '@cdktf/provider-aws/lib/codebuild-project';
import type { Construct } from 'constructs';
import type { Architecture } from '../../../contract/delivery';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html */
const MACHINES = {
  arm64: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
  x86_64: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
} as const satisfies Record<Architecture, object>;

/** The machine that runs a build. */
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

/** Makes the log group of a project: CodeBuild would make one without retention. */
export function createBuildLog(
  scope: Construct,
  id: string,
  { name, key }: { readonly name: string; readonly key: EncryptionKey | undefined },
): CloudwatchLogGroup {
  const { environment } = EnvironmentScope.of(scope);
  return new CloudwatchLogGroup(scope, id, {
    name: `/${environment.blueprint}/${environment.name}/delivery/${name}`,
    retentionInDays: environment.logRetentionDays,
    ...(key && { kmsKeyId: key.arn }),
  });
}

/** Lets a role write these log groups. */
export function grantBuildLogs(grantee: Grantee, logGroups: readonly CloudwatchLogGroup[]): void {
  grantee.allow({
    sid: 'WriteLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: logGroups.map(({ arn }) => `${arn}:*`),
  });
}
