import fc from 'fast-check';
import { MAX_RELEASE_DELAY_SECONDS, releaseDelaySeconds } from './release-delay';

const receiveCount = fc.integer({ min: 1, max: 1000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('releaseDelaySeconds', () => {
  test('is a whole number of seconds from 1 to the longest delay', () => {
    fc.assert(
      fc.property(receiveCount, random, (count, drawn) => {
        const delay = releaseDelaySeconds(count, () => drawn);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(1);
        expect(delay).toBeLessThanOrEqual(MAX_RELEASE_DELAY_SECONDS);
      }),
    );
  });

  test('is never shorter than the one before, however drawn, up to the longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), random, random, (count, one, other) => {
        const before = releaseDelaySeconds(count, () => one);
        expect(releaseDelaySeconds(count + 1, () => other)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('spreads jobs that failed together over half of the delay', () => {
    expect(releaseDelaySeconds(6, () => 0)).toBe(32);
    expect(releaseDelaySeconds(6, () => 0.999)).toBe(64);
  });
});
