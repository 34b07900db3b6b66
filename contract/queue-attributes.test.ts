import { queueNumbers } from './queue-attributes';

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
