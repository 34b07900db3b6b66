import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';
import { denyWithoutTls } from './grantee';

export interface TopicProps {
  readonly name: string;
  /** `undefined`: not encrypted at rest; AWS services may not use SNS's AWS managed key. */
  readonly key: EncryptionKey | undefined;
  /** Each address must confirm its subscription once. */
  readonly emails: readonly string[];
  /** The part of the policy's statement that says who may publish. */
  readonly publisher: {
    readonly Sid: string;
    readonly Principal: { readonly Service: string };
    readonly Condition?: object;
  };
}

/** Creates a topic that sends the messages of one service to e-mail addresses. */
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
    // With the address as id, removing one address leaves the other subscriptions alone.
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
