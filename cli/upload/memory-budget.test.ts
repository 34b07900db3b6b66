import fc from 'fast-check';
import { memoryBudget } from './memory-budget';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('memoryBudget', () => {
  test('is never overdrawn, serves in the order of asking, and serves everybody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 30 }), async (wanted) => {
        const budget = memoryBudget(10);
        const served: number[] = [];
        let held = 0;
        let most = 0;
        await Promise.all(
          wanted.map(async (bytes, index) => {
            const giveBack = await budget.take(bytes);
            served.push(index);
            held += Math.min(bytes, 10);
            most = Math.max(most, held);
            await turn();
            held -= Math.min(bytes, 10);
            giveBack();
          }),
        );
        expect(most).toBeLessThanOrEqual(10);
        expect(served).toEqual(wanted.map((_, index) => index));
      }),
    );
  });

  test('lets as many go together as there is room for', async () => {
    const budget = memoryBudget(10);
    let begun = 0;
    for (let number = 0; number < 4; number += 1) budget.take(3).then(() => (begun += 1));
    await turn();
    expect(begun).toBe(3);
  });
});
