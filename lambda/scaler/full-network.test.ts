import fc from 'fast-check';
import { examplePolicy, MINUTE, NOW } from '../../test/fakes/scaler/examples';
import { NOTHING_LAUNCHED } from './launch-result';
import type { ActiveTask, LaunchBatch, StartFault, StoppedTask, Tasks } from './ports';
import { scale } from './scale';

const SECOND = 1_000;
/** From RunTask to the address or the refusal; to the start; how long a stop is listed. */
const [ADDRESS, START, LISTED] = [10 * SECOND, 40 * SECOND, 60 * MINUTE];

interface Model {
  /** Addresses of each subnet. */
  readonly sizes: readonly number[];
  readonly maxTasks: number;
  /** Whether EC2 tells of free addresses. */
  readonly tells: boolean;
  /** vCPUs' worth of tasks that the account may run, which ECS finds out late. */
  readonly quota?: number;
  /** After which a task has done its work. */
  readonly lifeMinutes?: number;
  /** Addresses of each subnet that other users take in the middle of the first launch. */
  readonly taken?: number;
}

interface ModelTask {
  readonly task: ActiveTask & { readonly subnet: string };
  stoppedAt?: number;
  fault?: StartFault;
}

/** A network of such subnets, and ECS, which spreads the tasks of a call over those it may use. */
class FullNetwork {
  at = NOW;
  refused = 0;
  private readonly launched: ModelTask[] = [];
  private spread = 0;
  private taken = 0;

  constructor(private readonly model: Model) {}

  get running(): number {
    return this.alive().length;
  }

  get started(): number {
    return this.launched.filter(({ task, fault }) => !fault && task.createdAt + START <= this.at)
      .length;
  }

  private alive(subnet?: string) {
    return this.launched.filter(
      ({ task, stoppedAt }) => stoppedAt === undefined && (!subnet || task.subnet === subnet),
    );
  }

  free(): ReadonlyMap<string, number> {
    const left = this.model.sizes.map((size, index): [string, number] => {
      const subnet = `subnet-${index}`;
      const holding = this.alive(subnet).filter(({ task }) => task.createdAt + ADDRESS <= this.at);
      return [subnet, Math.max(0, size - this.taken - holding.length)];
    });
    return new Map(left);
  }

  /** Second by second: addresses are taken in order, and the last ones find none. */
  pass(milliseconds: number): void {
    for (const end = this.at + milliseconds; this.at < end; ) {
      this.at += SECOND;
      this.decideStarts();
      this.endOld();
    }
  }

  private decideStarts(): void {
    const due = this.alive().filter(({ task }) => task.createdAt + ADDRESS === this.at);
    for (const one of due) {
      const { subnet } = one.task;
      const alive = this.alive(subnet);
      const before = alive.slice(0, alive.indexOf(one));
      const size = this.model.sizes[Number(subnet.slice(7))] ?? 0;
      const holding = before.filter(({ task }) => task.createdAt + ADDRESS <= this.at).length;
      const isOverQuota = this.running > (this.model.quota ?? Number.POSITIVE_INFINITY);
      if (holding >= size - this.taken) this.refuse(one, 'no-addresses');
      else if (isOverQuota) this.refuse(one, 'vcpu-quota');
    }
  }

  private refuse(one: ModelTask, fault: StartFault): void {
    Object.assign(one, { stoppedAt: this.at, fault });
    this.refused += 1;
  }

  private endOld(): void {
    const life = (this.model.lifeMinutes ?? 24 * 60) * MINUTE;
    for (const one of this.alive())
      if (one.task.createdAt + life <= this.at) one.stoppedAt = this.at;
  }

  tasks(): Tasks {
    return {
      active: async () =>
        this.alive().map(({ task: { subnet, ...task } }) => {
          const age = this.at - task.createdAt;
          return {
            ...task,
            state: age >= START ? ('running' as const) : ('pending' as const),
            ...(age >= START && { startedAt: task.createdAt + START }),
            ...(age < ADDRESS && { awaitsAddressIn: subnet }),
          };
        }),
      stopped: async () => this.stopped(),
      launch: async (batch) => this.launch(batch),
    };
  }

  private stopped(): StoppedTask[] {
    return this.launched.flatMap(
      ({ task: { state: _, ...task }, stoppedAt, fault }): StoppedTask[] => {
        if (stoppedAt === undefined || this.at - stoppedAt > LISTED) return [];
        if (fault)
          return [{ ...task, stoppedAt, stopCode: 'TaskFailedToStart', startFault: fault }];
        const startedAt = task.createdAt + START;
        return [
          { ...task, startedAt, stoppedAt, stopCode: 'EssentialContainerExited', exitCode: 0 },
        ];
      },
    );
  }

  private launch({ count, subnets, capacityProvider, taskDefinition }: LaunchBatch) {
    for (let launched = 0; launched < count; launched += 1) {
      const subnet = subnets[this.spread++ % subnets.length] ?? '';
      const task = {
        taskDefinition,
        capacityProvider,
        subnet,
        createdAt: this.at,
        state: 'pending' as const,
      };
      this.launched.push({ task });
    }
    this.taken = this.model.taken ?? 0;
    return { ...NOTHING_LAUNCHED, launched: count };
  }
}

interface Outcome {
  readonly refused: number;
  readonly started: number;
  /** Tasks after each minute. */
  readonly sizes: readonly number[];
}

/** An hour of runs, a minute apart, over a backlog of 10,000 jobs that does not end. */
async function hourOf(model: Model): Promise<Outcome> {
  const network = new FullNetwork(model);
  const { taskDefinition: _, ...configured } = examplePolicy({
    maxTasks: model.maxTasks,
    jobsPerTask: 10,
  });
  const settings = {
    pipeline: 'photos',
    environment: 'test',
    parameterPath: '/p/',
    taskFamily: 'photos',
    subnets: model.sizes.map((_size, index) => `subnet-${index}`),
    configured,
  };
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ backlog: 10_000, inFlight: 0, delayed: 0 }) },
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
  test('no task is refused for want of an address, and every address is used, when EC2 tells what is free', async () => {
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

  test('no more are refused than others have taken while a launch was under way, and single probes', async () => {
    const { refused, sizes } = await hourOf({
      sizes: [30, 30],
      maxTasks: 100,
      tells: true,
      taken: 12,
    });
    expect(refused).toBeLessThanOrEqual(2 * 12 + PROBES);
    expect(sizes.at(-1)).toBe(2 * (30 - 12));
  });

  test.each<[string, Partial<Model>, number]>([
    ['one subnet is full and EC2 does not tell', { sizes: [30] }, 30],
    ['one of two subnets is full and EC2 does not tell', { sizes: [0, 60] }, 60],
    ['the quota of vCPUs is used up, and ECS notices late', { sizes: [500], quota: 30 }, 30],
  ])('only the first launch and probes are refused when %s', async (_what, model, room) => {
    const maxTasks = 100;
    const { refused, sizes } = await hourOf({ sizes: [], tells: false, maxTasks, ...model });
    expect(sizes.at(-1)).toBe(room);
    expect(refused).toBeLessThanOrEqual(maxTasks + PROBES);
  });

  test('each refused launch after the first is paid for by one that started, whatever fills up and ends', async () => {
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
