import fc from 'fast-check';
import { exampleScenario } from '../test/fakes/scenario';
import { simulate } from './simulate';

const atOnce = (objects: number) => [{ from: 0, to: 0, objects }];

describe('a burst with fixed times ends as a formula says', () => {
  test.each([
    ['one slot of one task', { objects: 7, slots: 1, maxTasks: 1, jobSeconds: 3 }],
    ['eight slots of one task', { objects: 100, slots: 8, maxTasks: 1, jobSeconds: 2 }],
    ['three tasks of five slots', { objects: 1_000, slots: 5, maxTasks: 3, jobSeconds: 4 }],
    ['more slots than jobs', { objects: 3, slots: 20, maxTasks: 2, jobSeconds: 30 }],
  ])('on %s', async (_what, { objects, slots, maxTasks, jobSeconds }) => {
    const outcome = await simulate(
      exampleScenario({
        settings: { maxTasks, jobsPerTask: 1 },
        figures: { jobSeconds, slots, startSeconds: 40 },
        firstRunSeconds: 25,
        arrivals: atOnce(objects),
      }),
    );
    const tasks = Math.min(maxTasks, objects);
    const expected = 25 + 40 + Math.ceil(objects / (tasks * slots)) * jobSeconds;
    expect(outcome.drainedSeconds).toBeCloseTo(expected, 6);
    expect(outcome.waitSeconds.longest).toBeCloseTo(expected, 6);
    expect(outcome.tasks.most).toBe(tasks);
    // Each is billed until it has been idle for as long as the default says.
    expect(outcome.endSeconds).toBeCloseTo(expected + 20, 6);
  });

  test('and a steady trickle waits for its job alone once a task is there', async () => {
    const { waitSeconds, tasks, objects } = await simulate(
      exampleScenario({
        figures: { jobSeconds: 2, slots: 4 },
        arrivals: [{ from: 0, to: 3_600, objects: 3_600 }],
      }),
    );
    expect(objects).toMatchObject({ arrived: 3_600, done: 3_600 });
    expect(waitSeconds.median).toBeCloseTo(2, 1);
    expect(tasks.most).toBe(1);
  });
});

const part = fc.double({ min: 0, max: 0.3, noNaN: true });
const SCENARIOS = fc.record({
  objects: fc.nat(2_000),
  to: fc.nat(1_800),
  seed: fc.nat(),
  maxTasks: fc.integer({ min: 1, max: 30 }),
  jobsPerTask: fc.integer({ min: 1, max: 200 }),
  figures: fc.record({
    jobSeconds: fc.double({ min: 0.01, max: 120, noNaN: true }),
    jobSpread: part,
    slots: fc.integer({ min: 1, max: 8 }),
    startSeconds: fc.double({ min: 0, max: 90, noNaN: true }),
    startSpread: part,
    interruptionsPerHour: fc.double({ min: 0, max: 20, noNaN: true }),
    duplicates: part,
    failingTasks: part,
  }),
  limits: fc.record(
    {
      spotTasks: fc.nat(10),
      spotEndsAtSeconds: fc.nat(900),
      onDemandVcpus: fc.integer({ min: 1, max: 10 }),
      spotVcpus: fc.integer({ min: 1, max: 10 }),
      freeAddresses: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
});

test('every object is counted once, and time and money add up, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(SCENARIOS, async (one) => {
      const { objects, to, seed, maxTasks, jobsPerTask, figures, limits } = one;
      const outcome = await simulate(
        exampleScenario({
          seed,
          settings: { maxTasks, jobsPerTask, retentionDays: 1 },
          figures: { ...figures, ...limits },
          arrivals: [{ from: 0, to, objects }],
        }),
      );
      const { arrived, done, left, expired } = outcome.objects;
      expect(arrived).toBe(objects);
      expect(done + left + expired).toBe(objects);
      expect(outcome.drainedSeconds === undefined).toBe(done < objects);
      expect(outcome.tasks.most).toBeLessThanOrEqual(maxTasks);
      const { lines, dollars } = outcome.bill;
      expect(lines.reduce((sum, line) => sum + line.dollars, 0)).toBeCloseTo(dollars, 9);
      expect(outcome.samples.at(-1)?.dollars).toBe(dollars);
      const { launched, billedSeconds } = outcome.tasks;
      // A minute at least for each that came so far as to be billed.
      const started = launched.FARGATE + launched.FARGATE_SPOT - outcome.tasks.interrupted;
      expect(billedSeconds.FARGATE + billedSeconds.FARGATE_SPOT).toBeGreaterThanOrEqual(
        60 * started,
      );
      for (const [index, sample] of outcome.samples.entries()) {
        const before = outcome.samples[index - 1];
        expect(sample.done).toBeGreaterThanOrEqual(before?.done ?? 0);
        expect(sample.dollars).toBeGreaterThanOrEqual(before?.dollars ?? 0);
        const messages = sample.arrived + Math.ceil(objects * figures.duplicates);
        expect(sample.done + sample.inFlight).toBeLessThanOrEqual(messages);
      }
    }),
    { numRuns: 30 },
  );
});

test('the same seed has the same outcome, and another seed another one', async () => {
  const scenario = exampleScenario({ figures: { jobSpread: 0.5, slots: 4 } });
  const first = await simulate(scenario);
  expect(await simulate(scenario)).toEqual(first);
  expect((await simulate({ ...scenario, seed: 2 })).drainedSeconds).not.toBe(first.drainedSeconds);
});

test('lots change neither the time nor the number of tasks by more than a hundredth', async () => {
  const figures = { jobSeconds: 0.4, jobSpread: 0.5, slots: 20, startSeconds: 30 };
  const settings = { maxTasks: 20 };
  const scenario = exampleScenario({ settings, figures, arrivals: atOnce(40_000) });
  const exact = await simulate(scenario);
  const inLots = await simulate(scenario, 1_000);
  expect(inLots.tasks.most).toBe(exact.tasks.most);
  const ratio = (inLots.drainedSeconds ?? 0) / (exact.drainedSeconds ?? 1);
  expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  expect(Math.abs(inLots.bill.dollars / exact.bill.dollars - 1)).toBeLessThan(0.01);
});

test('what SQS drops at the end of the retention is told', async () => {
  const { objects, drainedSeconds, waitSeconds } = await simulate(
    exampleScenario({
      settings: { maxTasks: 1, retentionDays: 1 },
      figures: { jobSeconds: 60 },
      arrivals: atOnce(2_000),
    }),
  );
  expect(objects.done + objects.expired).toBe(2_000);
  expect(Math.abs(objects.done - 1_441)).toBeLessThanOrEqual(1);
  expect(drainedSeconds).toBeUndefined();
  expect(waitSeconds.longest).toBeLessThanOrEqual(86_400 + 120);
});

test.each([
  ['max-tasks', { settings: { maxTasks: 2 } }],
  ['on-demand-vcpus', { figures: { onDemandVcpus: 1 }, settings: { spotWeight: 0 } }],
  ['spot-vcpus', { figures: { spotVcpus: 1 } }],
  ['spot-capacity', { figures: { spotTasks: 1 } }],
  ['addresses', { figures: { freeAddresses: [2, 1] } }],
  ['launch-rate', { settings: { maxTasks: 2_000, jobsPerTask: 1 }, arrivals: atOnce(2_000) }],
  ['tasks-failing', { figures: { failingTasks: 1 }, settings: { retentionDays: 1 } }],
  ['expired', { settings: { maxTasks: 1, retentionDays: 1 }, figures: { jobSeconds: 900 } }],
] as const)('a run that is held back by %s says so', async (what, change) => {
  const { limits } = await simulate(
    exampleScenario({
      settings: {},
      ...change,
      figures: { jobSeconds: 10, ...Object(change).figures },
    }),
  );
  expect(limits.map((limit) => limit.what)).toContain(what);
});

test('what an interrupted worker cannot finish in time is done again by another', async () => {
  const { objects, tasks } = await simulate(
    exampleScenario({
      settings: { onDemandBase: 0, onDemandWeight: 0, maxTasks: 4, jobsPerTask: 1 },
      figures: { jobSeconds: 400, interruptionsPerHour: 4 },
      arrivals: atOnce(40),
    }),
  );
  expect(objects).toMatchObject({ arrived: 40, done: 40 });
  expect(tasks.interrupted).toBeGreaterThan(3);
  expect(objects.doneTwice).toBeGreaterThan(0);
  expect(tasks.spotShare).toBe(1);
});

test('runs within a minute launch what each of them asks for, as runs by hand do', async () => {
  const { tasks, drainedSeconds } = await simulate(
    exampleScenario({
      settings: { maxTasks: 10, jobsPerTask: 25, spotWeight: 0 },
      runEverySeconds: 5,
      arrivals: [
        { from: 0, to: 0, objects: 25 },
        { from: 1, to: 1, objects: 500 },
      ],
    }),
  );
  expect(tasks.most).toBe(10);
  expect(drainedSeconds).toBeLessThan(60);
});

test('a floor of warm tasks serves at once what comes later', async () => {
  const { waitSeconds, tasks } = await simulate(
    exampleScenario({
      settings: { minTasks: 2 },
      figures: { jobSeconds: 5, slots: 2, startSeconds: 40 },
      arrivals: [{ from: 600, to: 3_500, objects: 40 }],
    }),
  );
  expect(waitSeconds.longest).toBeCloseTo(5, 6);
  expect(tasks.most).toBe(2);
});

test('under per-object each task takes one message, and all are done', async () => {
  const { objects, tasks, waitSeconds } = await simulate(
    exampleScenario({
      settings: { launch: 'per-object', maxTasks: 20 },
      figures: { jobSeconds: 30, slots: 1, startSeconds: 20 },
      arrivals: atOnce(50),
    }),
  );
  expect(objects).toMatchObject({ arrived: 50, done: 50 });
  expect(tasks.launched.FARGATE + tasks.launched.FARGATE_SPOT).toBe(50);
  expect(tasks.most).toBeLessThanOrEqual(20);
  expect(waitSeconds.longest).toBeGreaterThan(50);
});
