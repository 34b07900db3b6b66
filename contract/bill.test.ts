import fc from 'fast-check';
import { billedSeconds, billOf, shownDollars, type Usage } from './bill';

const NOTHING: Usage = {
  architecture: 'arm64',
  vcpus: 1,
  memoryGb: 2,
  taskSeconds: { FARGATE: 0, FARGATE_SPOT: 0 },
  hasPublicAddress: true,
  puts: 0,
  gets: 0,
  sqsRequests: 0,
  scalerRuns: 0,
};

const onDemand = (seconds: number) => ({
  ...NOTHING,
  taskSeconds: { FARGATE: seconds, FARGATE_SPOT: 0 },
});
const dollarsOf = (usage: Usage) => billOf(usage).lines.map(({ kind, dollars }) => [kind, dollars]);

describe('a bill', () => {
  test('is nothing where nothing was used', () => {
    expect(billOf(NOTHING)).toEqual({ lines: [], dollars: 0 });
  });

  test.each([
    ['ARM64', 'arm64', 0.03238 + 2 * 0.00356],
    ['x86', 'x86_64', 0.04048 + 2 * 0.004445],
  ] as const)(
    'has the published price of an hour on %s, and of its address',
    (_what, architecture, price) => {
      expect(dollarsOf({ ...onDemand(3_600), architecture })).toEqual([
        ['FARGATE', expect.closeTo(price, 9)],
        ['address', 0.005],
      ]);
    },
  );

  test('has no address where a task has none', () => {
    expect(dollarsOf({ ...onDemand(3_600), hasPublicAddress: false })).toHaveLength(1);
  });

  test('takes half off for Spot, but nothing off the address', () => {
    const [full, address] = billOf(onDemand(600)).lines;
    const spot = { ...NOTHING, taskSeconds: { FARGATE: 0, FARGATE_SPOT: 600 } };
    expect(dollarsOf(spot)).toEqual([
      ['FARGATE_SPOT', expect.closeTo((full?.dollars ?? 0) / 2, 12)],
      ['address', address?.dollars],
    ]);
  });

  test('counts a million requests, and a GB of log, at their prices', () => {
    const usage = { ...NOTHING, puts: 3e6, gets: 2e6, sqsRequests: 3e6, logBytes: 1e9 };
    expect(dollarsOf(usage)).toEqual([
      ['s3', expect.closeTo(3 * 5 + 2 * 0.4, 9)],
      ['sqs', expect.closeTo(3 * 0.4, 9)],
      ['logs', 0.5],
    ]);
  });

  test('names every price that it used, and is never less for more', () => {
    const count = fc.nat(1e6);
    const usage = fc.record({
      taskSeconds: fc.record({ FARGATE: count, FARGATE_SPOT: count }),
      ...{ puts: count, gets: count, sqsRequests: count, scalerRuns: count, logBytes: count },
    });
    fc.assert(
      fc.property(
        usage,
        fc.constantFrom('puts', 'gets', 'sqsRequests', 'scalerRuns'),
        (some, more) => {
          const before = billOf({ ...NOTHING, ...some });
          const after = billOf({ ...NOTHING, ...some, [more]: some[more] + 1 });
          expect(after.dollars).toBeGreaterThan(before.dollars);
          for (const line of after.lines) expect(line.price).toMatch(/\$\d|% less/);
        },
      ),
    );
  });
});

test('a task is billed for a minute at least, and for whole seconds above it', () => {
  expect([1, 60, 60.2, 61].map(billedSeconds)).toEqual([60, 60, 61, 61]);
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
