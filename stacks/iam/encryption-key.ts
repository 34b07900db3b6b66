import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';
import { keyPolicy } from './key-policy';

/**
 * The environment's own KMS key: for buckets, queues, topic, logs, the scaler and its schedule.
 * Rotated every year.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const scopeOfKey = EnvironmentScope.of(this);
    const { blueprint, name } = scopeOfKey.environment;
    const key = new KmsKey(this, 'key', {
      description: `Objects, messages and logs of ${blueprint} in ${name}`,
      enableKeyRotation: true,
      policy: JSON.stringify(keyPolicy(scopeOfKey)),
    });
    new KmsAlias(this, 'alias', {
      name: `alias/${scopeOfKey.prefix}`,
      targetKeyId: key.keyId,
    });
    this.arn = key.arn;
  }

  /** Lets a role read what a service keeps for it, such as the variables of a function. */
  grantDecrypt(grantee: Grantee, sid: string): void {
    grantee.allow({ sid, actions: ['kms:Decrypt'], resources: [this.arn] });
  }
}
