import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { createTopic } from '../../iam/topic';

export interface AlarmTopicProps {
  /** `undefined`: not encrypted at rest, since CloudWatch may not use SNS's AWS managed key. */
  readonly key: EncryptionKey | undefined;
}

/** The topic of an environment's alarms: its own, or an existing one, which is never changed. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { topicArn } = EnvironmentScope.of(this).environment.alarms;
    this.arn = topicArn ?? this.createTopic(props.key).arn;
  }

  private createTopic(key: EncryptionKey | undefined): SnsTopic {
    const { environment, accountId, prefix } = EnvironmentScope.of(this);
    return createTopic(this, {
      name: `${prefix}-alarms`,
      key,
      emails: environment.alarms.emails,
      publisher: {
        Sid: 'Alarms',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
    });
  }
}
