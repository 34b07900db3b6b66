import fc from 'fast-check';
import { createRateLimiter } from './rate-limiter';

describe('createRateLimiter', () => {
  const limiter = () => {
    const clock = { now: 5_000 };
    const sleep = async (milliseconds: number) => {
      clock.now += milliseconds;
    };
    return {
      clock,
      rateLimiter: (perSecond: number) =>
        createRateLimiter(perSecond, { now: () => clock.now, sleep }),
    };
  };

  test.each([
    [100, 10, 1_000],
    [1, 1, 5],
    [500, 10, 1_000],
  ])('lets %d a second through, %d at a time', async (perSecond, batch, count) => {
    const { clock, rateLimiter } = limiter();
    const wait = rateLimiter(perSecond);
    for (let done = 0; done < count; done += batch) await wait(batch);
    expect(clock.now - 5_000).toBeCloseTo(((count - batch) * 1_000) / perSecond, 3);
  });

  test('does not make up for a time in which nothing came', async () => {
    const { clock, rateLimiter } = limiter();
    const wait = rateLimiter(10);
    await wait(10);
    clock.now += 60_000;
    await wait(10);
    const before = clock.now;
    await wait(10);
    expect(clock.now - before).toBe(1_000);
  });

  test('lets no second have more than it may, however things and pauses come', async () => {
    const cases = fc.integer({ min: 1, max: 500 }).chain((perSecond) =>
      fc.record({
        perSecond: fc.constant(perSecond),
        batches: fc.array(
          fc.record({
            things: fc.integer({ min: 1, max: Math.min(10, perSecond) }),
            pause: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(1_500)),
          }),
          { maxLength: 60 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ perSecond, batches }) => {
        const { clock, rateLimiter } = limiter();
        const wait = rateLimiter(perSecond);
        const gone: { at: number; things: number }[] = [];
        for (const { things, pause } of batches) {
          await wait(things);
          gone.push({ at: clock.now, things });
          clock.now += pause;
        }
        for (const { at: from } of gone) {
          const within = gone.filter(({ at }) => at >= from && at < from + 1_000);
          expect(within.reduce((sum, { things }) => sum + things, 0)).toBeLessThanOrEqual(
            perSecond,
          );
        }
      }),
    );
  });
});
