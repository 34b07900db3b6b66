import fc from 'fast-check';
import { costOf, shownDollars, type Usage } from './cost';

const NOTHING: Usage = {
  tasks: [],
  vcpus: 1,
  memoryGb: 2,
  objects: 0,
  outputs: 0,
  deadLetters: 0,
  uploads: 0,
  scalerRuns: 0,
};

const onDemand = (seconds: number) => ({ capacityProvider: 'FARGATE' as const, seconds });
const spot = (seconds: number) => ({ capacityProvider: 'FARGATE_SPOT' as const, seconds });

describe('costOf', () => {
  test('is nothing for a run that used nothing', () => {
    expect(costOf(NOTHING)).toEqual({ lines: [], dollars: 0 });
  });

  test('of one hour of 1 vCPU and 2 GB is the published price, and that of its address', () => {
    expect(
      costOf({ ...NOTHING, tasks: [onDemand(3_600)] })
        .lines.slice(0, 2)
        .map((line) => line.dollars),
    ).toEqual([expect.closeTo(0.03238 + 2 * 0.00356, 9), expect.closeTo(0.005, 9)]);
  });

  test('bills a minute at least for each task, and whole seconds above it', () => {
    const dollars = (seconds: number) =>
      costOf({ ...NOTHING, tasks: [onDemand(seconds)] }).lines[0]?.dollars;
    expect(dollars(1)).toBe(dollars(60));
    expect(dollars(60.2)).toBe(dollars(61));
    expect(dollars(61)).toBeGreaterThan(dollars(60) ?? 0);
  });

  test('takes half off for Spot, but nothing off the address', () => {
    const full = costOf({ ...NOTHING, tasks: [onDemand(600)] });
    const half = costOf({ ...NOTHING, tasks: [spot(600)] });
    expect(half.lines[0]?.dollars).toBeCloseTo((full.lines[0]?.dollars ?? 0) / 2, 12);
    expect(half.lines[1]?.dollars).toBe(full.lines[1]?.dollars);
  });

  test('counts a million requests at their price', () => {
    const million = 1_000_000;
    const cost = costOf({
      ...NOTHING,
      objects: million,
      uploads: million,
      outputs: 2 * million,
    });
    expect(cost.lines.map((line) => [line.what.slice(0, 3), line.dollars])).toEqual([
      ['S3:', expect.closeTo(3 * 5 + 2 * 0.4, 9)],
      ['SQS', expect.closeTo(3 * 0.4, 9)],
    ]);
  });

  test('names every price that it used, and never less for more', () => {
    const usage = fc.record({
      tasks: fc.array(
        fc.record({
          capacityProvider: fc.constantFrom('FARGATE', 'FARGATE_SPOT'),
          seconds: fc.nat(9_999),
        }),
      ),
      objects: fc.nat(1e6),
    });
    fc.assert(
      fc.property(usage, ({ tasks, objects }) => {
        const cost = costOf({ ...NOTHING, tasks, objects } as Usage);
        const more = costOf({
          ...NOTHING,
          tasks: [...tasks, spot(1)],
          objects: objects + 1,
        } as Usage);
        expect(more.dollars).toBeGreaterThan(cost.dollars);
        for (const line of more.lines) expect(line.price).toMatch(/\$\d|% less/);
      }),
    );
  });
});

test.each([
  [0, '$0'],
  [0.00000712, '$0.0000071'],
  [0.00197, '$0.0020'],
  [0.05, '$0.050'],
  [0.1, '$0.10'],
  [12.345, '$12.35'],
])('shows %d as %s', (dollars, shown) => {
  expect(shownDollars(dollars)).toBe(shown);
});
