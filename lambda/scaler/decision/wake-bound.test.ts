import fc from 'fast-check';
import {
  exampleActive,
  exampleSettings,
  MINUTE,
  NO_JOB_METRICS,
  NOW,
} from '../../../test/fakes/scaler/examples';
import { type ActiveTask, type LaunchBatch, NOTHING_LAUNCHED } from '../ports';
import { scale } from '../scale';

const SECOND = 1_000;
/** ListTasks lags by seconds; a schedule's runs start at least as far apart. */
const LAG = 29 * SECOND;
const START = NOW - (NOW % MINUTE);

/** What one run meets, a scheduled one or a wake-up. */
interface Circumstances {
  readonly depth: { readonly backlog: number; readonly inFlight: number };
  /** Of the tasks that ECS may not list yet, those with these remainders are listed. */
  readonly listed: readonly number[];
  readonly spotIsShort: boolean;
  /** Tasks of each call, in turn, that ECS does not launch. */
  readonly failures: readonly number[];
  /** Addresses that EC2 says are free. */
  readonly free: number;
  /** Tasks that end before the next run, counted from the oldest. */
  readonly ended: number;
}

interface PlannedRun extends Circumstances {
  readonly at: number;
  /** The minute that it stands for. */
  readonly scheduledMinute: number;
  readonly isWakeUp: boolean;
}

interface Sizes {
  readonly maxTasks: number;
  readonly wakeTasks: number;
  readonly onDemandBase: number;
  readonly onDemandWeight: number;
}

/** ECS on a clock: idempotent by client token, and up to `LAG` late to list a task. */
class LaggingEcs {
  alive: ActiveTask[] = [];
  private readonly tokens = new Set<string>();

  tasks({ at, listed, spotIsShort, failures }: PlannedRun) {
    let call = 0;
    return {
      active: async () =>
        this.alive.filter(
          ({ createdAt }, index) => createdAt <= at - LAG || listed.includes(index % 4),
        ),
      stopped: async () => (spotIsShort ? [SPOT_REFUSED] : []),
      launch: async (batch: LaunchBatch) =>
        this.launch(batch, at, failures[call++ % Math.max(1, failures.length)] ?? 0),
    };
  }

  private launch({ clientToken, count, capacityProvider }: LaunchBatch, at: number, lack: number) {
    if (this.tokens.has(clientToken)) return { ...NOTHING_LAUNCHED, alreadyLaunched: count };
    const lackOfCapacity = Math.min(count, lack);
    const launched = count - lackOfCapacity;
    if (launched > 0) this.tokens.add(clientToken);
    const task = exampleActive({ capacityProvider, createdAt: at, startedAt: at });
    this.alive.push(...Array.from({ length: launched }, () => ({ ...task })));
    return { ...NOTHING_LAUNCHED, launched, lackOfCapacity };
  }
}

const SPOT_REFUSED = {
  ...exampleActive({ capacityProvider: 'FARGATE_SPOT' }),
  stoppedAt: NOW,
  stopCode: 'TaskFailedToStart',
  startFault: 'lack-of-capacity' as const,
};

async function run(ecs: LaggingEcs, planned: PlannedRun, { wakeTasks, ...sizes }: Sizes) {
  const ports = {
    parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
    queue: { depth: async () => ({ ...planned.depth, delayed: 0 }) },
    jobMetrics: NO_JOB_METRICS,
    network: { freeAddresses: async () => new Map([['subnet-1', planned.free]]) },
    tasks: ecs.tasks(planned),
  };
  const settings = exampleSettings(
    { ...sizes, jobsPerTask: 1 },
    { subnets: ['subnet-1'], wakeTasks },
  );
  await scale(settings, ports, {
    now: () => planned.at,
    remainingMilliseconds: () => 60_000,
    scheduledMinute: planned.scheduledMinute,
    isWakeUp: planned.isWakeUp,
  });
}

/** The largest fleet after any of these runs. */
async function largestFleet(runs: readonly PlannedRun[], sizes: Sizes): Promise<number> {
  const ecs = new LaggingEcs();
  let largest = 0;
  for (const planned of [...runs].sort((a, b) => a.at - b.at)) {
    await run(ecs, planned, sizes);
    largest = Math.max(largest, ecs.alive.length);
    ecs.alive = ecs.alive.slice(planned.ended);
  }
  return largest;
}

const UNSEEN: Circumstances = {
  depth: { backlog: 60, inFlight: 0 },
  listed: [],
  spotIsShort: false,
  failures: [],
  free: 60,
  ended: 0,
};

/** A run at a second after the first minute began. */
function runAt(second: number, isWakeUp: boolean, changes: Partial<Circumstances> = {}) {
  const at = START + second * SECOND;
  return { ...UNSEEN, ...changes, at, isWakeUp, scheduledMinute: at - (at % MINUTE) };
}

const circumstances = fc.record({
  depth: fc.record({ backlog: fc.constantFrom(0, 1, 3, 60), inFlight: fc.constantFrom(0, 60) }),
  listed: fc.constantFrom<readonly number[]>([], [], [], [0], [1, 3]),
  spotIsShort: fc.boolean(),
  failures: fc.constantFrom<readonly number[]>([], [], [], [1], [10, 0]),
  free: fc.constantFrom(60, 60, 60, 4),
  ended: fc.constantFrom(0, 0, 0, 0, 1, 5, 30),
});
const sizes = fc.record({
  maxTasks: fc.constantFrom(1, 2, 3, 5, 10, 24),
  wakeTasks: fc.constantFrom(1, 2, 3, 5, 10),
  onDemandBase: fc.constantFrom(0, 2, 12),
  onDemandWeight: fc.constantFrom(0, 1),
});
const MINUTES = [1, 2, 3];
/**
 * Scheduled runs from the same second of each minute on, up to half a minute late; and wake-ups,
 * most of which come shortly before or after one of them.
 */
const runs = fc.constantFrom(0, 1, 30, 45, 59).chain((second) => {
  const lateness = fc.constantFrom(0, 0, 0, 2, 30);
  const scheduled = MINUTES.map((minute) =>
    fc.tuple(lateness, circumstances).map(([late, met]) => ({
      ...runAt(minute * 60 + second + late, false, met),
      scheduledMinute: START + minute * MINUTE,
    })),
  );
  const from = fc.constantFrom(-31, -28, -5, -1, 0, 1, 5, 28, 31);
  const wakeUp = fc
    .tuple(fc.constantFrom(...MINUTES), from, circumstances)
    .map(([minute, seconds, met]) => runAt(minute * 60 + second + seconds, true, met));
  const wakeUps = fc.array(wakeUp, { minLength: 1, maxLength: 6 });
  return fc.tuple(fc.tuple(...scheduled), wakeUps).map((both): PlannedRun[] => both.flat());
});

describe('the fleet, when uploads wake it beside its schedule and ECS lists tasks late,', () => {
  test('is at most twice max-tasks, whatever the runs see and ECS refuses', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, runs, async (limits, planned) => {
        expect(await largestFleet(planned, limits)).toBeLessThanOrEqual(2 * limits.maxTasks);
      }),
      { numRuns: 1_000 },
    );
  });

  const spotAlone = { onDemandBase: 0, onDemandWeight: 0 };
  const few = { maxTasks: 4, wakeTasks: 3 };
  test.each([
    ['the schedule launches what a wake-up has not', [runAt(57, true), runAt(58, false)], few, 4],
    ['a wake-up adds nothing to the schedule', [runAt(2, false), runAt(4, true)], few, 4],
    [
      'the schedule sees the tasks of a wake-up, and launches the rest in the same minute',
      [runAt(2, true), runAt(5, false, { listed: [0, 1, 2, 3] })],
      { ...few, onDemandBase: 12 },
      4,
    ],
    ['wake-ups of a minute launch once', [2, 3, 9].map((at) => runAt(at, true)), few, 3],
    [
      'two minutes meet',
      [runAt(58, true), runAt(60, false), runAt(61, true)],
      { ...few, ...spotAlone },
      7,
    ],
    [
      'the schedule sees one task of a wake-up alone',
      [runAt(32, true), runAt(33, false, { listed: [0] }), runAt(60, true)],
      { ...few, ...spotAlone },
      7,
    ],
  ])('is exactly as large as it should be when %s', async (_what, planned, limits, largest) => {
    const strategy = { onDemandBase: 2, onDemandWeight: 1 };
    expect(await largestFleet(planned, { ...strategy, ...limits })).toBe(largest);
  });
});
