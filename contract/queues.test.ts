import { letSend, queueNumbers } from './queues';

const DAY = 86_400;

describe('queueNumbers', () => {
  const numbers = queueNumbers({
    retentionDays: 10,
    visibilityTimeoutSeconds: 120,
    maxAttempts: 8,
  });

  test('gives up two receives after the worker would have', () => {
    expect(numbers.maxReceiveCount).toBe(10);
  });

  test('keeps dead letters four days longer than jobs, up to the 14 days of SQS', () => {
    expect(numbers).toMatchObject({
      workRetentionSeconds: 10 * DAY,
      deadLetterRetentionSeconds: 14 * DAY,
    });
  });

  test('hides a message for as long as the worker believes', () => {
    expect(numbers.visibilityTimeoutSeconds).toBe(120);
  });
});

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:work';
const BUCKET = { service: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::ours' } as const;
const RULE = { service: 'events.amazonaws.com', sourceArn: 'arn:aws:events:…:rule/ours' } as const;

describe('letSend', () => {
  test('lets one bucket of one account send to one queue, and nothing else', () => {
    expect(letSend(QUEUE, [BUCKET], '123456789012')).toEqual([
      {
        Sid: 'Sender1',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QUEUE,
        Condition: {
          ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::ours' },
          StringEquals: { 'aws:SourceAccount': '123456789012' },
        },
      },
    ]);
  });

  test('has a statement for each sender under a name of its own', () => {
    const statements = letSend(QUEUE, [BUCKET, RULE], '123456789012');
    expect(statements.map(({ Sid, Principal }) => [Sid, Principal.Service])).toEqual([
      ['Sender1', 's3.amazonaws.com'],
      ['Sender2', 'events.amazonaws.com'],
    ]);
  });

  test('lets no one send when there is no sender', () => {
    expect(letSend(QUEUE, [], '123456789012')).toEqual([]);
  });
});
