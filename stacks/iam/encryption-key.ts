import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';
import { keyPolicy } from './key-policy';

/**
 * The environment's own KMS key for buckets, queues, topic, logs, the scaler and its schedule. KMS
 * rotates it every year.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const environmentScope = EnvironmentScope.of(this);
    const { blueprint, name } = environmentScope.environment;
    const key = new KmsKey(this, 'key', {
      description: `Objects, messages and logs of ${blueprint} in ${name}`,
      enableKeyRotation: true,
      policy: JSON.stringify(keyPolicy(environmentScope)),
    });
    new KmsAlias(this, 'alias', {
      name: `alias/${environmentScope.prefix}`,
      targetKeyId: key.keyId,
    });
    this.arn = key.arn;
  }

  /** Lets a role read what a service encrypts, such as the variables of a function. */
  grantDecrypt(grantee: Grantee, sid: string): void {
    grantee.allow({ sid, actions: ['kms:Decrypt'], resources: [this.arn] });
  }
}
