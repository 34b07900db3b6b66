import fc from 'fast-check';
import { HeldBytes } from './held-bytes';

/** Lets everything that is due happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function admitting(held: HeldBytes, sizes: readonly number[]): number[] {
  const admitted: number[] = [];
  for (const size of sizes) void held.admit(size).then(() => admitted.push(size));
  return admitted;
}

describe('HeldBytes', () => {
  test('admits up to its limit, and the next one once there is room', async () => {
    const held = new HeldBytes(10);
    const admitted = admitting(held, [6, 4, 1]);
    await settled();
    expect(admitted).toEqual([6, 4]);
    held.release(4);
    await settled();
    expect(admitted).toEqual([6, 4, 1]);
  });

  test('admits one that is larger than the limit alone', async () => {
    const held = new HeldBytes(10);
    const admitted = admitting(held, [1, 100, 1]);
    await settled();
    expect(admitted).toEqual([1]);
    held.release(1);
    await settled();
    expect(admitted).toEqual([1, 100]);
  });

  test('lets no upload overtake, so that a large one has its turn', async () => {
    const held = new HeldBytes(10);
    const admitted = admitting(held, [8, 5, 1]);
    await settled();
    expect(admitted).toEqual([8]);
    expect(held.isFull).toBe(true);
  });

  test('admits all uploads when it is opened', async () => {
    const held = new HeldBytes(1);
    const admitted = admitting(held, [1, 1, 1]);
    held.open();
    await settled();
    expect(admitted).toEqual([1, 1, 1]);
  });

  test('holds at most its limit or one larger upload, and admits all in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 15 }),
        async (sizes) => {
          const held = new HeldBytes(20);
          const admitted = admitting(held, sizes);
          for (let released = 0; released < sizes.length; released++) {
            await settled();
            const inside = admitted.slice(released);
            expect(inside.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(
              Math.max(20, ...inside),
            );
            expect(inside.filter((size) => size > 0).length > 1 && Math.max(...inside) > 20).toBe(
              false,
            );
            held.release(admitted[released] ?? 0);
          }
          await settled();
          expect(admitted).toEqual(sizes);
        },
      ),
      { numRuns: 50 },
    );
  });
});
