import fc from 'fast-check';
import { scalings, serviceSettings } from '../../../test/fakes/scaler/scalings';
import { type Demand, keptBusy, type Scaling, type Service, worthOf } from './scaling';

const SERVICE: Service = { jobSeconds: 0.11, jobsAtATime: 12, startSeconds: 60, measured: 4_000 };

interface Circumstances {
  readonly backlog: number;
  readonly inFlight?: number;
  /** Tasks of the fleet. */
  readonly present?: number;
  readonly pending?: number;
  readonly leaving?: number;
  readonly service?: Partial<Service>;
}

function demandOf({ backlog, inFlight = 0, present = 0, ...rest }: Circumstances): Demand {
  return {
    queue: { backlog, inFlight, delayed: 0 },
    fleet: { FARGATE: present, FARGATE_SPOT: 0 },
    pending: rest.pending ?? 0,
    leaving: rest.leaving ?? 0,
    service: { ...SERVICE, ...rest.service },
  };
}

const STEPS: Scaling = {
  policy: 'steps',
  steps: [
    { from: 1, tasks: 1 },
    { from: 500, tasks: 10 },
  ],
};

describe('by steps, jobs are worth', () => {
  test.each([
    ['no task without jobs', 0, 0],
    ['those of the first step for the first job', 1, 1],
    ['those of the first step up to one job before the next', 499, 1],
    ['those of a step from its first job on', 500, 10],
    ['those of the last step, however many there are', 1_000_000, 10],
  ])('%s', (_what, backlog, tasks) => {
    expect(worthOf(demandOf({ backlog }), STEPS)).toBe(tasks);
  });

  test('what visible and in-flight jobs together reach', () => {
    expect(worthOf(demandOf({ backlog: 100, inFlight: 400 }), STEPS)).toBe(10);
  });

  test('new tasks for what is visible alone, each with a job to receive', () => {
    expect(keptBusy(demandOf({ backlog: 5, inFlight: 900 }), STEPS)).toBe(1);
    const many: Scaling = { policy: 'steps', steps: [{ from: 1, tasks: 8 }] };
    expect(keptBusy(demandOf({ backlog: 3 }), many)).toBe(3);
  });
});

/** 15 minutes are 900 seconds, of which a new task works 840. */
const DRAIN: Scaling = { policy: 'drain-within', minutes: 15 };

describe('within 15 minutes, jobs are worth', () => {
  test.each<[string, Circumstances, number]>([
    // 12 × ⌊840 s ÷ 0.11 s⌋ = 91,632 jobs of a new task.
    ['one task for what a new one does after its start', { backlog: 91_632 }, 1],
    ['a second task for one job more', { backlog: 91_633 }, 2],
    // 12 × ⌊900 s ÷ 0.11 s⌋ = 98,172 jobs of a task that is there.
    ['no second task for what the present one does', { backlog: 98_172, present: 1 }, 1],
    ['a second task for one job more than that', { backlog: 98_173, present: 1 }, 2],
    [
      'a new task for an old one that takes no more jobs',
      { backlog: 98_172, present: 1, leaving: 1 },
      2,
    ],
    [
      'fewer tasks the more jobs each does at a time',
      { backlog: 5, service: { jobSeconds: 600 } },
      1,
    ],
    [
      'more tasks when each does one job at a time',
      { backlog: 5, service: { jobSeconds: 600, jobsAtATime: 1 } },
      5,
    ],
    [
      'tasks by whole jobs: none ends two of 500 seconds in 840',
      { backlog: 24, service: { jobSeconds: 500 } },
      2,
    ],
    [
      'no more tasks than hold all jobs at once, when one takes longer than that',
      { backlog: 25, service: { jobSeconds: 7_200 } },
      3,
    ],
    ['more tasks when they start late', { backlog: 91_632, service: { startSeconds: 400 } }, 2],
    [
      'at most twice the tasks of a fleet that starts at once, however late it starts',
      { backlog: 4 * 98_172, service: { startSeconds: 3_600 } },
      9,
    ],
    ['no task without jobs', { backlog: 0 }, 0],
  ])('%s', (_what, circumstances, tasks) => {
    expect(worthOf(demandOf(circumstances), DRAIN)).toBe(tasks);
  });
});

const demands = fc
  .record({
    backlog: fc.nat(1_000_000),
    inFlight: fc.nat(120_000),
    present: fc.nat(200),
    leaving: fc.nat(200),
    startSeconds: fc.nat(1_200),
    service: serviceSettings,
  })
  .map(({ startSeconds, service, leaving, ...rest }) =>
    demandOf({
      ...rest,
      leaving: Math.min(leaving, rest.present),
      service: { ...service, startSeconds },
    }),
  );

describe('by every policy, whatever is seen,', () => {
  test('jobs are worth a whole number of tasks, one at least, and none without jobs', () => {
    fc.assert(
      fc.property(demands, scalings, (demand, scaling) => {
        const worth = worthOf(demand, scaling);
        expect(Number.isSafeInteger(worth)).toBe(true);
        const { backlog, inFlight } = demand.queue;
        expect(Math.sign(worth)).toBe(Math.sign(backlog + inFlight));
      }),
    );
  });

  test('more jobs are never worth fewer tasks', () => {
    fc.assert(
      fc.property(demands, scalings, fc.nat(9_000), (demand, scaling, more) => {
        const longer = {
          ...demand,
          queue: { ...demand.queue, backlog: demand.queue.backlog + more },
        };
        expect(worthOf(longer, scaling)).toBeGreaterThanOrEqual(worthOf(demand, scaling));
        expect(keptBusy(longer, scaling)).toBeGreaterThanOrEqual(keptBusy(demand, scaling));
      }),
    );
  });

  test('once what is missing has been launched, the same jobs are worth no more', () => {
    fc.assert(
      fc.property(demands, scalings, (demand, scaling) => {
        const { FARGATE } = demand.fleet;
        const takers = FARGATE - demand.leaving;
        const worth = worthOf(demand, scaling);
        const launched = Math.max(0, worth - takers);
        const after = { ...demand, fleet: { FARGATE: FARGATE + launched, FARGATE_SPOT: 0 } };
        expect(worthOf(after, scaling)).toBeLessThanOrEqual(takers + launched);
      }),
    );
  });

  test('each new task has a visible job to receive', () => {
    fc.assert(
      fc.property(demands, scalings, (demand, scaling) => {
        expect(keptBusy(demand, scaling)).toBeLessThanOrEqual(demand.queue.backlog);
      }),
    );
  });
});
