import fc from 'fast-check';
import { split } from './decide';

const none = { FARGATE: 0, FARGATE_SPOT: 0 };
const usual = { onDemandBase: 2, onDemandWeight: 1, spotWeight: 4 };

describe('split', () => {
  test.each([
    ['the base comes first', 2, none, usual, 2, 0],
    ['the first task above the base goes to the heavier weight', 3, none, usual, 2, 1],
    ['one in five above the base is on demand', 12, none, usual, 4, 8],
    ['a running base is not started again', 5, { FARGATE: 2, FARGATE_SPOT: 0 }, usual, 1, 4],
    ['a base that has ended is replaced', 3, { FARGATE: 0, FARGATE_SPOT: 4 }, usual, 3, 0],
    [
      'Spot tasks in excess are balanced by tasks on demand',
      2,
      { FARGATE: 2, FARGATE_SPOT: 18 },
      usual,
      2,
      0,
    ],
    [
      'tasks on demand in excess are balanced by Spot',
      4,
      { FARGATE: 9, FARGATE_SPOT: 0 },
      usual,
      0,
      4,
    ],
    ['a half goes to Spot', 1, none, { onDemandBase: 0, onDemandWeight: 1, spotWeight: 1 }, 0, 1],
    [
      'no Spot weight, no Spot',
      7,
      none,
      { onDemandBase: 0, onDemandWeight: 1, spotWeight: 0 },
      7,
      0,
    ],
    [
      'no base and no weight on demand: all Spot',
      7,
      none,
      { onDemandBase: 0, onDemandWeight: 0, spotWeight: 1 },
      0,
      7,
    ],
    ['nothing to launch', 0, none, usual, 0, 0],
  ])('%s', (_reason, launch, fleet, strategy, onDemand, spot) => {
    expect(split(launch, fleet, strategy)).toEqual({ FARGATE: onDemand, FARGATE_SPOT: spot });
  });

  test('brings a fleet to the same split in one launch or in many', () => {
    const weights = fc.integer({ min: 1, max: 9 });
    const launches = fc.array(fc.nat(12), { maxLength: 8 });
    fc.assert(
      fc.property(
        launches,
        fc.nat(6),
        weights,
        weights,
        (steps, onDemandBase, onDemandWeight, spotWeight) => {
          const strategy = { onDemandBase, onDemandWeight, spotWeight };
          const grown = steps.reduce((fleet, launch) => {
            const added = split(launch, fleet, strategy);
            expect(added.FARGATE + added.FARGATE_SPOT).toBe(launch);
            return {
              FARGATE: fleet.FARGATE + added.FARGATE,
              FARGATE_SPOT: fleet.FARGATE_SPOT + added.FARGATE_SPOT,
            };
          }, none);
          const atOnce = split(grown.FARGATE + grown.FARGATE_SPOT, none, strategy);
          expect(Math.abs(grown.FARGATE - atOnce.FARGATE)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
