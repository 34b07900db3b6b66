import { exampleUpload } from '../../test/fakes/scaler/examples';
import { isWakeUp, keeping, newestUpload } from './uploads';

describe('isWakeUp', () => {
  test.each([
    ['is true for the records of a queue', { Records: [exampleUpload()] }, true],
    ['is false for a scheduled time', { scheduledTime: '2026-03-10T13:59:00Z' }, false],
    ['is false for no event', undefined, false],
    ['is false for a null event', null, false],
  ])('%s', (_what, event, isOne) => {
    expect(isWakeUp(event)).toBe(isOne);
  });
});

describe('the newest upload of a wake-up', () => {
  const again = exampleUpload('a', 2);
  test.each([
    ['is the last that is received for the first time', [again, exampleUpload('b')], 'b'],
    ['is the last of several', [exampleUpload('a'), exampleUpload('b')], 'b'],
    ['does not exist where all come back from a quiet time', [again], undefined],
  ])('%s', (_what, Records, messageId) => {
    expect(newestUpload({ Records })?.messageId).toBe(messageId);
  });

  test('is what Lambda leaves in the queue, alone', () => {
    expect(keeping(exampleUpload('b'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(keeping(undefined)).toEqual({ batchItemFailures: [] });
  });
});
