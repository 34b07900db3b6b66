import { QUIET_SECONDS } from '../lambda/scaler/uploads';
import { SCHEDULE_RETRY } from './schedule';
import { WAKE_UP } from './wake-up';

/**
 * Seconds for which a FIFO queue drops a body that it has seen:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
const DEDUPLICATION_SECONDS = 300;
/** What S3 takes for one prefix in a second, at least. */
const UPLOADS_PER_SECOND = 3_500;
const MILLION = 1_000_000;

/** An event of S3 as EventBridge has it, with the fields that differ from upload to upload. */
function uploaded(index: number) {
  const seconds = Math.floor(index / UPLOADS_PER_SECOND);
  const time = `${new Date(Date.UTC(2026, 2, 10) + seconds * 1_000).toISOString().slice(0, 19)}Z`;
  return { id: `id-${index}`, time, detail: { object: { key: `${index}.jpg` } } };
}

/** What EventBridge makes of an event by the target's input transformer. */
function bodyOf(event: ReturnType<typeof uploaded>): string {
  return Object.entries(WAKE_UP.inputPaths).reduce<string>((body, [name, path]) => {
    const value = path
      .split('.')
      .slice(1)
      .reduce<unknown>((found, key) => Object(found)[key], event);
    return body.replaceAll(`<${name}>`, JSON.stringify(value));
  }, WAKE_UP.inputTemplate);
}

describe('a flood of a million uploads', () => {
  test('is one message a second, since the queue drops the bodies that it knows', () => {
    const accepted = new Set<string>();
    // Every hundredth is enough to see each second several times.
    for (let index = 0; index < MILLION; index += 100) accepted.add(bodyOf(uploaded(index)));
    const seconds = Math.ceil(MILLION / UPLOADS_PER_SECOND);
    expect(seconds).toBeLessThan(DEDUPLICATION_SECONDS);
    expect(accepted.size).toBe(seconds);
  });

  test('has no body that is known and comes back when the queue has forgotten it', () => {
    const { maximumEventAgeInSeconds, maximumRetryAttempts } = SCHEDULE_RETRY;
    expect(maximumEventAgeInSeconds).toBeLessThan(DEDUPLICATION_SECONDS);
    expect(maximumRetryAttempts).toBe(0);
  });

  test('leaves no wake-up for later: one that waits is gone when the schedule has run', () => {
    expect(WAKE_UP.retentionSeconds).toBeLessThanOrEqual(60);
    expect(JSON.parse(bodyOf(uploaded(0)))).toEqual({ uploadedAt: '2026-03-10T00:00:00Z' });
  });

  test('fits into a batch with the message that is kept, so that none stays behind', () => {
    expect(QUIET_SECONDS + 1).toBeLessThan(WAKE_UP.batchSize);
  });
});
