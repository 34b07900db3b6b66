import { exampleSettings, NOW } from '../../test/fakes/scaler/examples';
import { createHandler } from './handler';
import { type Network, NOTHING_LAUNCHED, type QueueDepth } from './ports';

const settings = exampleSettings({ jobsPerTask: 10 });

/** One run with this queue and this network; how many tasks it asked for, and its line. */
async function run(depth: Partial<QueueDepth>, freeAddresses: Network['freeAddresses']) {
  let asked = 0;
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ backlog: 0, inFlight: 0, delayed: 0, ...depth }) },
    network: { freeAddresses },
    fleet: { isActive: async () => false },
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
