import fc from 'fast-check';
import { exampleSettings, MINUTE, NO_JOB_METRICS } from '../../../test/fakes/scaler/examples';
import { FullNetwork, type NetworkModel } from '../../../test/fakes/scaler/full-network';
import { scale } from '../scale';

interface HourResult {
  readonly refused: number;
  readonly started: number;
  /** Tasks after each minute. */
  readonly sizes: readonly number[];
}

/** An hour of runs, a minute apart, over a backlog of 10,000 jobs that does not end. */
async function hourOf(model: NetworkModel): Promise<HourResult> {
  const network = new FullNetwork(model);
  const settings = exampleSettings(
    { maxTasks: model.maxTasks, jobsPerTask: 10 },
    { subnets: model.sizes.map((_size, index) => `subnet-${index}`) },
  );
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ backlog: 10_000, inFlight: 0, delayed: 0 }) },
    jobMetrics: NO_JOB_METRICS,
    network: {
      freeAddresses: async () => {
        if (!model.tells) throw new Error('EC2 does not tell');
        return network.free();
      },
    },
    tasks: network.tasks(),
  };
  const sizes: number[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const scheduledMinute = network.at;
    await scale(settings, ports, {
      now: () => network.at,
      remainingMilliseconds: () => 60_000,
      scheduledMinute,
    });
    network.pass(MINUTE);
    sizes.push(network.running);
  }
  return { refused: network.refused, started: network.started, sizes };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const subnetSizes = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });
/** Probes of an hour in which none starts: after 1, 2, 4 and 8 minutes, then each 15. */
const PROBES = 8;

describe('in an hour with a backlog of 10,000 jobs', () => {
  test('no task is refused and every address is used when EC2 says how many are free', async () => {
    const arbitraries = [subnetSizes, fc.integer({ min: 1, max: 120 })] as const;
    await fc.assert(
      fc.asyncProperty(...arbitraries, async (sizes, maxTasks) => {
        const { refused, sizes: fleet } = await hourOf({ sizes, maxTasks, tells: true });
        expect(refused).toBe(0);
        expect(Math.max(...fleet)).toBe(fleet.at(-1));
        expect(fleet.at(-1)).toBe(Math.min(maxTasks, sum(sizes)));
      }),
      { numRuns: 25 },
    );
  });

  test('nor is one while tasks come and go, and what they leave is used again', async () => {
    const { refused, sizes } = await hourOf({
      sizes: [20, 5, 0],
      maxTasks: 100,
      tells: true,
      lifeMinutes: 7,
    });
    expect(refused).toBe(0);
    const windows = sizes
      .slice(0, -8)
      .map((_size, minute) => Math.max(...sizes.slice(minute, minute + 8)));
    expect(new Set(windows)).toEqual(new Set([25]));
  });

  test('only what others have taken during a launch, and single probes, are refused', async () => {
    const { refused, sizes } = await hourOf({
      sizes: [30, 30],
      maxTasks: 100,
      tells: true,
      taken: 12,
    });
    expect(refused).toBeLessThanOrEqual(2 * 12 + PROBES);
    expect(sizes.at(-1)).toBe(2 * (30 - 12));
  });

  test.each<[string, Partial<NetworkModel>, number]>([
    ['one subnet is full and EC2 does not tell', { sizes: [30] }, 30],
    ['one of two subnets is full and EC2 does not tell', { sizes: [0, 60] }, 60],
    ['the quota of vCPUs is used up, and ECS notices late', { sizes: [500], quota: 30 }, 30],
  ])('only the first launch and probes are refused when %s', async (_what, model, room) => {
    const maxTasks = 100;
    const { refused, sizes } = await hourOf({ sizes: [], tells: false, maxTasks, ...model });
    expect(sizes.at(-1)).toBe(room);
    expect(refused).toBeLessThanOrEqual(maxTasks + PROBES);
  });

  test('each refusal after the first launch is paid for by a start, in any network', async () => {
    const models = fc.record({
      sizes: subnetSizes,
      maxTasks: fc.integer({ min: 1, max: 120 }),
      tells: fc.boolean(),
      quota: fc.nat(60),
      lifeMinutes: fc.integer({ min: 2, max: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const { refused, started, sizes } = await hourOf(model);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(model.maxTasks);
        expect(refused).toBeLessThanOrEqual(model.maxTasks + started + PROBES);
      }),
      { numRuns: 40 },
    );
  });
});
