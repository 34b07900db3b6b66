import fc from 'fast-check';
import {
  exampleActive,
  exampleSettings,
  exampleStopped,
  MINUTE,
  NO_JOB_METRICS,
  NOW,
} from '../../../test/fakes/scaler/examples';
import {
  type ActiveTask,
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  type QueueDepth,
  type Tasks,
} from '../ports';
import { scale } from '../scale';
import { SCALING_POLICIES, type ScalingPolicy } from './scaling';

const FAILURES = ['lackOfCapacity', 'overQuota', 'retryable', 'permanent'] as const;

/** What one run meets. */
interface Circumstances {
  /** The counts that it is told, however old they are. */
  readonly depth: Pick<QueueDepth, 'backlog' | 'inFlight'>;
  /** Of the tasks that the run before launched, those with these remainders are listed already. */
  readonly listed: readonly number[];
  /** Stands for the same minute as the run before: EventBridge or Lambda has sent it twice. */
  readonly isRepeated: boolean;
  /** Of a run by hand. */
  readonly invocationId: string | undefined;
  readonly spotIsShort: boolean;
  readonly scalingPolicy: ScalingPolicy;
  /** What ECS does not launch of each call, in turn. */
  readonly failures: readonly {
    readonly kind: (typeof FAILURES)[number];
    readonly tasks: number;
  }[];
  /** Addresses that EC2 says are free. */
  readonly free: number;
  /** Tasks that end before the next run, counted from the oldest. */
  readonly ended: number;
}

/** ECS as the runs see it: idempotent by client token, and late to list what was launched last. */
class LateEcs {
  alive: ActiveTask[] = [];
  private readonly calls = new Map<string, string>();
  /** Tasks of the latest run that launched any. */
  private latest = new Set<ActiveTask>();
  private before = new Set<ActiveTask>();

  tasks({ listed, spotIsShort, failures }: Circumstances): Tasks {
    this.before = this.latest;
    this.latest = new Set();
    let call = 0;
    return {
      active: async () =>
        this.alive.filter((task, index) => !this.before.has(task) || listed.includes(index % 4)),
      stopped: async () =>
        spotIsShort
          ? [
              exampleStopped({
                capacityProvider: 'FARGATE_SPOT',
                startFault: 'lack-of-capacity' as const,
                stopCode: 'TaskFailedToStart',
              }),
            ]
          : [],
      launch: async (batch) => this.launch(batch, failures[call++ % Math.max(1, failures.length)]),
    };
  }

  private launch(
    batch: LaunchBatch,
    failure: Circumstances['failures'][number] | undefined,
  ): LaunchResult {
    const { clientToken, count, capacityProvider } = batch;
    const known = this.calls.get(clientToken);
    if (known !== undefined) {
      const isSame = known === `${capacityProvider} ${count}`;
      return { ...NOTHING_LAUNCHED, [isSame ? 'launched' : 'alreadyLaunched']: count };
    }
    const failed = Math.min(count, failure?.tasks ?? 0);
    if (failed < count) this.calls.set(clientToken, `${capacityProvider} ${count}`);
    for (let index = failed; index < count; index += 1) {
      const task = exampleActive({ capacityProvider });
      this.alive.push(task);
      this.latest.add(task);
    }
    return {
      ...NOTHING_LAUNCHED,
      launched: count - failed,
      ...(failure && failed > 0 && { [failure.kind]: failed }),
    };
  }
}

async function run(ecs: LateEcs, circumstances: Circumstances, minute: number, maxTasks: number) {
  const { scalingPolicy } = circumstances;
  const settings = exampleSettings(
    { maxTasks, jobsPerTask: 1, steps: '1:1,20:10,50:60', drainWithinMinutes: 1 },
    { maxTaskSeconds: 240, subnets: ['subnet-1'], scalingPolicy, jobSeconds: 60, jobsAtATime: 1 },
  );
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ ...circumstances.depth, delayed: 0 }) },
    jobMetrics: NO_JOB_METRICS,
    network: { freeAddresses: async () => new Map([['subnet-1', circumstances.free]]) },
    tasks: ecs.tasks(circumstances),
  };
  await scale(settings, ports, {
    now: () => NOW,
    remainingMilliseconds: () => 60_000,
    scheduledMinute: NOW + minute * MINUTE,
    ...(circumstances.invocationId && { invocationId: circumstances.invocationId }),
  });
}

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  depth: fc.record({ backlog: fc.nat(200), inFlight: fc.nat(200) }),
  listed: fc.uniqueArray(fc.nat(3)),
  isRepeated: fc.boolean(),
  invocationId: fc.constantFrom(undefined, 'a', 'b'),
  spotIsShort: fc.boolean(),
  scalingPolicy: fc.constantFrom(...SCALING_POLICIES),
  failures: fc.array(
    fc.record({
      kind: fc.constantFrom(...FAILURES),
      tasks: fc.nat(10),
    }),
    { maxLength: 4 },
  ),
  free: fc.nat(60),
  ended: fc.nat(30),
});
const nothing: Circumstances = {
  depth: { backlog: 1000, inFlight: 0 },
  listed: [],
  isRepeated: false,
  invocationId: undefined,
  spotIsShort: false,
  scalingPolicy: 'jobs-per-task',
  failures: [],
  free: 1_000,
  ended: 0,
};

describe('the fleet, when each run may overlap the one before and see none of its tasks,', () => {
  test('is at most twice max-tasks, whatever the counts say and ECS refuses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        fc.array(circumstances, { minLength: 2, maxLength: 12 }),
        async (maxTasks, runs) => {
          const ecs = new LateEcs();
          let minute = 0;
          for (const each of runs) {
            minute += each.isRepeated ? 0 : 1;
            await run(ecs, each, minute, maxTasks);
            expect(ecs.alive.length).toBeLessThanOrEqual(2 * maxTasks);
            ecs.alive = ecs.alive.slice(each.ended);
          }
        },
      ),
    );
  });

  test('is twice max-tasks when two runs see nothing of each other, and not larger', async () => {
    const ecs = new LateEcs();
    const sizes: number[] = [];
    for (const minute of [1, 2, 3, 4]) {
      await run(ecs, nothing, minute, 10);
      sizes.push(ecs.alive.length);
    }
    expect(sizes).toEqual([10, 20, 20, 20]);
  });

  test('is at most max-tasks when every run sees what the one before launched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        fc.array(circumstances),
        async (maxTasks, runs) => {
          const ecs = new LateEcs();
          for (const [minute, each] of runs.entries()) {
            await run(ecs, { ...each, listed: [0, 1, 2, 3] }, minute, maxTasks);
            expect(ecs.alive.length).toBeLessThanOrEqual(maxTasks);
            ecs.alive = ecs.alive.slice(each.ended);
          }
        },
      ),
    );
  });
});

describe('one event, sent again and again to runs that see nothing of each other,', () => {
  test('launches at most twice max-tasks: each token of a batch works once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        circumstances.map((one) => one.invocationId),
        fc.array(circumstances, { minLength: 2, maxLength: 12 }),
        async (maxTasks, invocationId, runs) => {
          const ecs = new LateEcs();
          let launched: ActiveTask[] = [];
          for (const each of runs) {
            ecs.alive = [];
            await run(ecs, { ...each, invocationId, listed: [] }, 1, maxTasks);
            launched = [...launched, ...ecs.alive];
          }
          expect(launched.length).toBeLessThanOrEqual(2 * maxTasks);
        },
      ),
    );
  });
});
