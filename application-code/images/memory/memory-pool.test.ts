import fc from 'fast-check';
import { type Hold, MemoryPool } from './memory-pool';

/** Lets everything that is ready run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a pool', () => {
  test('admits in the order of arrival, so that none passes a large request', async () => {
    const pool = new MemoryPool(10);
    const order: string[] = [];
    const enter = (name: string, amount: number) =>
      pool.acquire(amount).then((hold) => {
        order.push(name);
        return hold;
      });
    const first = await enter('first', 6);
    const large = enter('large', 10);
    const small = enter('small', 1);
    await settle();
    expect(order).toEqual(['first']);
    first.release();
    (await large).release();
    (await small).release();
    expect(order).toEqual(['first', 'large', 'small']);
    expect(pool.held).toBe(0);
  });

  test('lets the next one in when the first waiter leaves', async () => {
    const pool = new MemoryPool(10);
    await pool.acquire(6);
    const leaving = new AbortController();
    const large = pool.acquire(10, leaving.signal);
    const small = pool.acquire(4);
    leaving.abort(new Error('cancelled'));
    await expect(large).rejects.toThrow('cancelled');
    expect((await small).amount).toBe(4);
    expect(pool.held).toBe(10);
  });

  test('does not admit a request that was cancelled before', async () => {
    const pool = new MemoryPool(10);
    await expect(pool.acquire(1, AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
    expect([pool.held, pool.waiting]).toEqual([0, 0]);
  });

  test('ignores an abort after the admission: the holder releases', async () => {
    const pool = new MemoryPool(10);
    const late = new AbortController();
    const hold = await pool.acquire(4, late.signal);
    late.abort();
    expect(pool.held).toBe(4);
    hold.release();
    hold.release();
    expect(pool.held).toBe(0);
  });

  test('lets no holder grow', async () => {
    const pool = new MemoryPool(10);
    const hold = await pool.acquire(4);
    hold.shrinkTo(9);
    expect(hold.amount).toBe(4);
    hold.shrinkTo(1);
    expect([hold.amount, pool.held]).toEqual([1, 1]);
  });

  test.each([11, -1, Number.NaN])('fails when %d is asked of ten', async (amount) => {
    await expect(new MemoryPool(10).acquire(amount)).rejects.toThrow(RangeError);
  });

  test('is never overdrawn, and every visitor leaves it admitted or cancelled', async () => {
    const visitor = fc.record({ amount: fc.integer({ min: 0, max: 20 }), leaves: fc.boolean() });
    const visits = fc.asyncProperty(
      fc.array(visitor, { maxLength: 30 }),
      fc.scheduler(),
      async (visitors, s) => {
        const pool = new MemoryPool(20);
        let highest = 0;
        const stay = async ({ amount, leaves }: { amount: number; leaves: boolean }) => {
          const control = new AbortController();
          const admitted = pool
            .acquire(amount, control.signal)
            .catch((): Hold | undefined => undefined);
          if (leaves) {
            void s.schedule(Promise.resolve(), 'abort').then(() => control.abort());
          }
          const hold = await admitted;
          highest = Math.max(highest, pool.held);
          await s.schedule(Promise.resolve(), 'stay');
          hold?.shrinkTo(amount / 2);
          await s.schedule(Promise.resolve(), 'leave');
          hold?.release();
        };
        await s.waitFor(Promise.all(visitors.map(stay)));
        expect(highest).toBeLessThanOrEqual(20);
        expect([pool.held, pool.waiting]).toEqual([0, 0]);
      },
    );
    await fc.assert(visits, { numRuns: 200 });
  });
});
