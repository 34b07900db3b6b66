/** An AWS service that passes events on to a queue, and on whose behalf. */
export interface Sender {
  readonly service: 's3.amazonaws.com' | 'events.amazonaws.com';
  /** The bucket or rule. */
  readonly sourceArn: string;
}

/**
 * Statements that let senders of one account send to a queue. A bucket's ARN holds no account, and
 * a deleted bucket's name is free for others.
 */
export function letSend(queueArn: string, senders: readonly Sender[], accountId: string) {
  return senders.map(({ service, sourceArn }, index) => ({
    Sid: `Sender${index + 1}`,
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: {
      ArnEquals: { 'aws:SourceArn': sourceArn },
      StringEquals: { 'aws:SourceAccount': accountId },
    },
  }));
}
