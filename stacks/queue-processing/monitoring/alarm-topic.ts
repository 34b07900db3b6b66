import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Construct } from 'constructs';
import { environmentPrefix } from '../../../contract/names';
import type { EncryptionKey } from '../../iam/encryption-key';
import type { EnvironmentScope } from '../../iam/environment-scope';
import { createTopic } from '../../iam/topic';

export interface AlarmTopicProps {
  /**
   * `undefined`: not encrypted at rest, since CloudWatch may not use the key that AWS manages for
   * SNS.
   */
  readonly key: EncryptionKey | undefined;
}

/**
 * Where an environment's alarms go: a topic of its own, or the existing one of the settings, which
 * is left as it is.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly at: EnvironmentScope,
    props: AlarmTopicProps,
  ) {
    super(scope, id);
    this.arn = at.environment.alarms.topicArn ?? this.createTopic(props.key).arn;
  }

  private createTopic(key: EncryptionKey | undefined): SnsTopic {
    const { environment, accountId } = this.at;
    return createTopic(this, {
      name: `${environmentPrefix(environment)}-alarms`,
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
