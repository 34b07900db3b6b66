import { exampleSettings, NO_JOB_METRICS, NOW } from '../../test/fakes/scaler/examples';
import { createHandler } from './handler';
import { type JobMetrics, type Network, NOTHING_LAUNCHED, type QueueDepth } from './ports';
import type { Settings } from './scale';

interface RunChanges extends Partial<Settings> {
  readonly jobMetrics?: JobMetrics;
}

const noAddresses: Network['freeAddresses'] = () => Promise.reject(new Error('not told'));

/** One run with this queue and this network; how many tasks it asked for, and its line. */
async function run(
  depth: Partial<QueueDepth>,
  freeAddresses: Network['freeAddresses'],
  { jobMetrics = NO_JOB_METRICS, ...changes }: RunChanges = {},
) {
  const settings = exampleSettings({ jobsPerTask: 10 }, changes);
  let asked = 0;
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ backlog: 0, inFlight: 0, delayed: 0, ...depth }) },
    jobMetrics,
    network: { freeAddresses },
    fleet: { isActive: async () => false },
    wakeUps: { hide: async () => undefined },
    tasks: {
      active: async () => [],
      stopped: async () => [],
      launch: async ({ count }: { count: number }) => {
        asked += count;
        return { ...NOTHING_LAUNCHED, launched: count };
      },
    },
  };
  const write = () => undefined;
  const line = await createHandler({ now: () => NOW, write, connect: () => ({ settings, ports }) })(
    {},
  );
  return { asked, line };
}

describe('a run with six tasks to launch', () => {
  test.each([
    ['asks for as many', { 'subnet-1': 30, 'subnet-2': 30 }, 6],
    ['asks for what the subnets have room for', { 'subnet-1': 3, 'subnet-2': 0 }, 3],
    ['asks for none without room', { 'subnet-1': 0, 'subnet-2': 0 }, 0],
  ])('%s, and reports the addresses', async (_what, free, asked) => {
    const done = await run({ backlog: 60 }, async () => new Map(Object.entries(free)));
    expect(done).toMatchObject({ asked, line: { Launched: asked, seen: { freeAddresses: free } } });
  });

  test('goes by what ECS refuses when EC2 does not tell, and says why', async () => {
    const done = await run({ backlog: 60 }, () =>
      Promise.reject(new Error('UnauthorizedOperation')),
    );
    const seen = { addressesUnseen: 'Error: UnauthorizedOperation' };
    expect(done).toMatchObject({ asked: 6, line: { level: 'info', seen } });
  });
});

test('a run without a visible job does not look at the network', async () => {
  const freeAddresses = jest.fn<ReturnType<Network['freeAddresses']>, []>();
  await run({ inFlight: 60 }, freeAddresses);
  expect(freeAddresses).not.toHaveBeenCalled();
});

describe('the time of a job', () => {
  const jobMetrics = (recent: JobMetrics['recent']) => ({ jobMetrics: { recent } });
  const minutes = async () => [{ at: NOW - 60_000, jobs: 600, milliseconds: 66_000 }];
  const drain = { scalingPolicy: 'drain-within' } as const;

  test('is read from the metrics of the workers, and decides the number of tasks', async () => {
    // 20 × ⌊840 s ÷ 0.11 s⌋ = 152,720 jobs a task.
    const { line, asked } = await run({ backlog: 152_721 }, noAddresses, {
      ...jobMetrics(minutes),
      ...drain,
    });
    expect(asked).toBe(2);
    expect(line).toMatchObject({ seen: { service: { jobSeconds: 0.11, measured: 600 } } });
  });

  test('is the configured one when CloudWatch does not tell, and the line says why', async () => {
    const refused = jobMetrics(() => Promise.reject(new Error('AccessDenied')));
    const { line, asked } = await run({ backlog: 16_801 }, noAddresses, { ...refused, ...drain });
    expect(asked).toBe(2);
    const seen = { service: { jobSeconds: 1 }, jobMinutesUnseen: 'Error: AccessDenied' };
    expect(line).toMatchObject({ level: 'info', seen });
  });

  test.each([
    ['without a visible job', { inFlight: 60 }, drain],
    ['by another policy', { backlog: 60 }, { scalingPolicy: 'steps' } as const],
  ])('is not read %s', async (_what, depth, settings) => {
    const recent = jest.fn<ReturnType<JobMetrics['recent']>, []>();
    await run(depth, noAddresses, { ...jobMetrics(recent), ...settings });
    expect(recent).not.toHaveBeenCalled();
  });
});
