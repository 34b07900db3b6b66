import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { environmentPrefix } from '../../pipeline/names';
import type { EncryptionKey } from './encryption-key';
import type { EnvironmentScope } from './environment-scope';

export interface AlarmTopicProps {
  /** `undefined`: not encrypted at rest, since CloudWatch may not use the key that AWS manages for SNS. */
  readonly key: EncryptionKey | undefined;
}

/** Where an environment's alarms go: a topic of its own, or the existing one of the settings, which is left as it is. */
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
    const topic = new SnsTopic(this, 'topic', {
      name: `${environmentPrefix(this.at.environment)}-alarms`,
      ...(key && { kmsMasterKeyId: key.arn }),
    });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: JSON.stringify(topicPolicy(topic.arn, this.at.accountId)),
    });
    for (const endpoint of this.at.environment.alarms.emails) {
      // The address is the id: taking one from the middle of the list leaves the others subscribed.
      new SnsTopicSubscription(this, `email-${endpoint}`, {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint,
      });
    }
    return topic;
  }
}

function topicPolicy(topicArn: string, accountId: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Alarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: topicArn,
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: topicArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}
