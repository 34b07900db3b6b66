import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { environmentPrefix } from '../../pipeline/names';
import type { EnvironmentScope } from './environment-scope';
import { keyPolicy } from './key-policy';
import type { ServiceRole } from './service-role';

/** The environment's own KMS key: for buckets, queues, topic and logs. Rotated every year. */
export class EncryptionKey extends Construct {
  readonly arn: string;
  private readonly users = new Set<ServiceRole>();

  constructor(scope: Construct, id: string, at: EnvironmentScope) {
    super(scope, id);
    const { blueprint, name } = at.environment;
    const key = new KmsKey(this, 'key', {
      description: `Objects, messages and logs of ${blueprint} in ${name}`,
      enableKeyRotation: true,
      policy: JSON.stringify(keyPolicy(at)),
    });
    new KmsAlias(this, 'alias', {
      name: `alias/${environmentPrefix(at.environment)}`,
      targetKeyId: key.keyId,
    });
    this.arn = key.arn;
  }

  /** Lets a role encrypt and decrypt with the key; a second call for one role changes nothing. */
  grantUse(role: ServiceRole): void {
    if (this.users.has(role)) return;
    this.users.add(role);
    role.allow({ sid: 'UseKey', actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [this.arn] });
  }
}
