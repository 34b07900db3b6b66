import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';
import { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';

/** Creates a log group, which AWS services would create without retention. */
export function createLogGroup(
  scope: Construct,
  id: string,
  { name, key }: { readonly name: string; readonly key?: EncryptionKey | undefined },
): CloudwatchLogGroup {
  return new CloudwatchLogGroup(scope, id, {
    name,
    retentionInDays: EnvironmentScope.of(scope).environment.logRetentionDays,
    ...(key && { kmsKeyId: key.arn }),
  });
}

/** Lets a role write log groups. */
export function grantWriteLog(grantee: Grantee, ...logGroups: readonly CloudwatchLogGroup[]): void {
  grantee.allow({
    sid: 'WriteLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: logGroups.map(({ arn }) => `${arn}:*`),
  });
}
