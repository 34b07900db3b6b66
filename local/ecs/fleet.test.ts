import fc from 'fast-check';
import type { CapacityProvider } from '../ports';
import { type FleetCount, placeTasks, type StrategyItem } from './fleet';

const EMPTY: FleetCount = { FARGATE: 0, FARGATE_SPOT: 0 };

const strategy = (base: number, onDemand: number, spot: number): readonly StrategyItem[] => [
  { capacityProvider: 'FARGATE', base, weight: onDemand },
  { capacityProvider: 'FARGATE_SPOT', weight: spot },
];

const count = (placed: readonly CapacityProvider[]): FleetCount => ({
  FARGATE: placed.filter((provider) => provider === 'FARGATE').length,
  FARGATE_SPOT: placed.filter((provider) => provider === 'FARGATE_SPOT').length,
});

const sum = (one: FleetCount, other: FleetCount): FleetCount => ({
  FARGATE: one.FARGATE + other.FARGATE,
  FARGATE_SPOT: one.FARGATE_SPOT + other.FARGATE_SPOT,
});

const weights = fc.record({ base: fc.nat(5), onDemand: fc.nat(10), spot: fc.nat(10) });
const fleets = fc.record({ FARGATE: fc.nat(30), FARGATE_SPOT: fc.nat(30) });

describe('placeTasks', () => {
  test.each([
    [2, 1, 4, 2, { FARGATE: 2, FARGATE_SPOT: 0 }, 'the base comes first'],
    [2, 1, 4, 12, { FARGATE: 4, FARGATE_SPOT: 8 }, 'one to four above the base'],
    [0, 0, 1, 5, { FARGATE: 0, FARGATE_SPOT: 5 }, 'a weight of zero takes nothing'],
    [3, 0, 1, 5, { FARGATE: 3, FARGATE_SPOT: 2 }, 'a base without a weight is all that it takes'],
    [0, 1, 0, 5, { FARGATE: 5, FARGATE_SPOT: 0 }, 'Spot is switched off'],
    [
      0,
      0,
      0,
      2,
      { FARGATE: 2, FARGATE_SPOT: 0 },
      'nothing is allowed, so the dependable one takes it',
    ],
  ])(
    'with base %i and weights %i : %i splits %i tasks into %j: %s',
    (base, onDemand, spot, tasks, expected) => {
      expect(count(placeTasks(strategy(base, onDemand, spot), EMPTY, tasks))).toEqual(expected);
    },
  );

  test('refills the base of a fleet that has lost it', () => {
    expect(placeTasks(strategy(2, 1, 4), { FARGATE: 0, FARGATE_SPOT: 8 }, 2)).toEqual([
      'FARGATE',
      'FARGATE',
    ]);
  });

  test('places every task, and none on a provider without base and weight', () => {
    fc.assert(
      fc.property(weights, fleets, fc.nat(20), ({ base, onDemand, spot }, fleet, tasks) => {
        const placed = placeTasks(strategy(base, onDemand, spot), fleet, tasks);
        expect(placed).toHaveLength(tasks);
        if (spot === 0) expect(placed).not.toContain('FARGATE_SPOT');
        if (onDemand === 0 && base === 0 && spot > 0) expect(placed).not.toContain('FARGATE');
      }),
    );
  });

  test('ends in the same fleet whether tasks come at once or one after another', () => {
    fc.assert(
      fc.property(
        weights,
        fleets,
        fc.nat(10),
        fc.nat(10),
        ({ base, onDemand, spot }, fleet, first, second) => {
          const items = strategy(base, onDemand, spot);
          const atOnce = placeTasks(items, fleet, first + second);
          const before = placeTasks(items, fleet, first);
          const after = placeTasks(items, sum(fleet, count(before)), second);
          expect([...before, ...after]).toEqual(atOnce);
        },
      ),
    );
  });

  test('keeps both providers within one task of their share above the base', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(60),
        (base, onDemand, spot, tasks) => {
          const fleet = count(placeTasks(strategy(base, onDemand, spot), EMPTY, tasks));
          const above = Math.max(0, tasks - base);
          expect(
            Math.abs(fleet.FARGATE_SPOT - (above * spot) / (onDemand + spot)),
          ).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
