import { drainTimes } from './drain-times';

test.each([
  [100, 82, 95, 'a program has thirteen seconds to end, and the queue five'],
  [20, 10, 15, 'a short deadline leaves the jobs half of it'],
  [1, 0.5, 0.75, 'however short it is'],
])(
  'with a deadline of %d s jobs are cancelled after %d s, and given up after %d s: %s',
  (deadline, cancelJobs, giveUp) => {
    expect(drainTimes(deadline)).toEqual({ cancelJobs, giveUp });
  },
);
