import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';
import { denyWithoutTls } from './tls-only';

export interface TopicProps {
  readonly name: string;
  /**
   * `undefined`: not encrypted at rest, since AWS services may not use the key that AWS manages for
   * SNS.
   */
  readonly key: EncryptionKey | undefined;
  /** Each must confirm once. */
  readonly emails: readonly string[];
  /** Who may publish, as the rest of a policy's statement. */
  readonly publisher: {
    readonly Sid: string;
    readonly Principal: { readonly Service: string };
    readonly Condition?: object;
  };
}

/** Makes a topic that tells e-mail addresses what one service says. */
export function createTopic(
  scope: Construct,
  { name, key, emails, publisher }: TopicProps,
): SnsTopic {
  const topic = new SnsTopic(scope, 'topic', { name, ...(key && { kmsMasterKeyId: key.arn }) });
  new SnsTopicPolicy(scope, 'policy', {
    arn: topic.arn,
    policy: JSON.stringify(topicPolicy(topic.arn, publisher)),
  });
  for (const endpoint of emails) {
    // The address is the id: taking one from the middle of the list leaves the others subscribed.
    new SnsTopicSubscription(scope, `email-${endpoint}`, {
      topicArn: topic.arn,
      protocol: 'email',
      endpoint,
    });
  }
  return topic;
}

function topicPolicy(topicArn: string, { Sid, ...publisher }: TopicProps['publisher']) {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid, Effect: 'Allow', ...publisher, Action: 'sns:Publish', Resource: topicArn },
      denyWithoutTls('sns:Publish', topicArn),
    ],
  };
}
