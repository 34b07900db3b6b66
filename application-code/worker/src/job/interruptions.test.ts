import { TransientFault } from '../faults';
import { boundInterruptions } from './interruptions';
import type { SourceResult } from './job';

const interrupted: SourceResult = {
  outcome: 'interrupted',
  key: 'a',
  because: 'The worker had to end.',
  bytes: 7,
};
const fault = new TransientFault('AccessDenied', 'no');
const others: readonly SourceResult[] = [
  { outcome: 'done', key: 'b', renditions: [] },
  { outcome: 'failed', key: 'c', fault },
];
const bound = (interruptions: number) =>
  boundInterruptions([interrupted, ...others], { interruptions, maxInterruptions: 20 });

test('an interruption before the last one leaves the results as they are', () => {
  expect(bound(18)).toEqual([interrupted, ...others]);
});

test('the last one is a fault of its own code, which says what to do', () => {
  const [last, ...rest] = bound(19);
  expect(last).toMatchObject({
    outcome: 'failed',
    key: 'a',
    bytes: 7,
    fault: {
      name: 'PermanentFault',
      code: 'Interrupted',
      message: expect.stringMatching(/interrupted 20 times .* The worker had to end\. Where Spot/),
    },
  });
  expect(rest).toEqual(others);
});
