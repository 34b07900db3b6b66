import fc from 'fast-check';
import { afterLaunch, place } from './placement';

const ids = ['subnet-1', 'subnet-2', 'subnet-3'];
const free = (...counts: readonly number[]) =>
  new Map(ids.map((id, index) => [id, counts[index] ?? 0]));

describe('tasks are placed', () => {
  test.each<[string, Parameters<typeof place>, ReturnType<typeof place>]>([
    [
      'in all subnets, as ECS chooses, while each has room for all of them',
      [10, 40, { ids, full: [], free: free(40, 90, 50) }],
      { count: 10, subnets: ids },
    ],
    [
      'in the others when one has too little room',
      [10, 40, { ids, full: [], free: free(3, 90, 50) }],
      { count: 10, subnets: ['subnet-2', 'subnet-3'] },
    ],
    [
      'where there is the most room when none has room for all',
      [10, 40, { ids, full: [], free: free(3, 9, 12) }],
      { count: 10, subnets: ['subnet-3'] },
    ],
    [
      'up to the last address',
      [10, 40, { ids, full: [], free: free(3, 2, 0) }],
      { count: 3, subnets: ['subnet-1'] },
    ],
    [
      'nowhere when no address is free',
      [10, 40, { ids, full: [], free: free(0, 0, 0) }],
      { count: 0, subnets: [] },
    ],
    [
      'first in subnets that have refused none',
      [10, 10, { ids, full: ['subnet-2'], free: free(4, 90, 0) }],
      { count: 4, subnets: ['subnet-1'] },
    ],
    [
      'in one that has refused some when the others have no address',
      [10, 10, { ids, full: ['subnet-2'], free: free(0, 90, 0) }],
      { count: 10, subnets: ['subnet-2'] },
    ],
    [
      'in subnets that have refused none, when EC2 did not tell',
      [10, 40, { ids, full: ['subnet-2'] }],
      { count: 10, subnets: ['subnet-1', 'subnet-3'] },
    ],
    [
      'in all when EC2 did not tell and all have refused some',
      [10, 40, { ids, full: ids }],
      { count: 10, subnets: ids },
    ],
  ])('%s', (_what, given, expected) => {
    expect(place(...given)).toEqual(expected);
  });

  test('so that each subnet has room for all of a batch, batch after batch', () => {
    const counts = fc.array(fc.nat(30), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        counts,
        fc.subarray(ids),
        fc.nat(60),
        fc.nat(1_000),
        (given, full, wanted, choice) => {
          const truth = free(...given);
          let subnets: Parameters<typeof place>[2] = { ids, full, free: truth };
          for (let left = wanted; left > 0; left -= 10) {
            const placement = place(Math.min(10, left), left, subnets);
            if (placement.count === 0) break;
            subnets = afterLaunch(subnets, placement, placement.count);
            const chosen = placement.subnets[choice % placement.subnets.length] ?? '';
            truth.set(chosen, (truth.get(chosen) ?? 0) - placement.count);
            expect(truth.get(chosen)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
