import { exampleScenario, type ScenarioChange } from '../test/fakes/scenario';
import { arrivalsOf } from './arrivals';
import type { Outcome } from './outcome';
import type { Scenario } from './scenario';
import { Simulation, simulate } from './simulate';

const JOBS = { jobSeconds: 0.4, jobSpread: 0.5, slots: 20 } as const;
const STARTS = { startSeconds: 20, startSpread: 0.2 } as const;
const steady = [{ from: 0, to: 1_800, objects: 20_000 }];
const morning = (arrivalsOf('diurnal', 50_000) ?? []).slice(16, 32);

const LOADS: readonly (readonly [string, ScenarioChange])[] = [
  ['a burst', { settings: { maxTasks: 20 }, arrivals: [{ from: 0, to: 0, objects: 20_000 }] }],
  ['a steady load with room to spare', { settings: { maxTasks: 50 } }],
  ['a steady load of all that tasks can do', { settings: { maxTasks: 1 }, figures: { slots: 5 } }],
  [
    'a steady load of tasks with one slot',
    { settings: { maxTasks: 60, jobsPerTask: 1 }, figures: { slots: 1 } },
  ],
  ['a morning', { settings: { maxTasks: 200 }, arrivals: morning }],
  ['a warm floor', { settings: { minTasks: 8 } }],
  ['interruptions', { figures: { interruptionsPerHour: 5, jobSeconds: 4 } }],
  ['short lives of tasks', { settings: { maxTaskSeconds: 200 } }],
];

const scenarioOf = ({ figures, ...change }: ScenarioChange): Scenario =>
  exampleScenario({
    arrivals: steady,
    firstRunSeconds: 30,
    ...change,
    figures: { ...JOBS, ...STARTS, ...figures },
  });

const PER_OBJECT: ScenarioChange = {
  settings: { launch: 'per-object', maxTasks: 200, retentionDays: 1 },
  figures: { slots: 1, jobSeconds: 20 },
  arrivals: [{ from: 0, to: 0, objects: 4_000 }],
};

test.each([...LOADS, ['a task for each object', PER_OBJECT]] as const)(
  '%s has in lots about the answer that it has job by job',
  async (_load, change) => {
    const scenario = scenarioOf(change);
    const exact = await simulate(scenario);
    const inLots = await simulate(scenario, 2_000);
    const off = (of: (outcome: Outcome) => number | undefined) =>
      Math.abs(Number(of(inLots)) - Number(of(exact)));
    const part = (of: (outcome: Outcome) => number | undefined) => off(of) / Number(of(exact));
    expect(inLots.objects).toEqual({ ...exact.objects, doneTwice: inLots.objects.doneTwice });
    expect(part(({ drainedSeconds }) => drainedSeconds)).toBeLessThan(0.03);
    expect(part(({ bill }) => bill.dollars)).toBeLessThan(0.08);
    expect(off(({ tasks }) => tasks.most)).toBeLessThanOrEqual(1);
    const { median = 0, p95 = 0 } = exact.waitSeconds;
    expect(off(({ waitSeconds }) => waitSeconds.median)).toBeLessThan(Math.max(1, 0.03 * median));
    expect(off(({ waitSeconds }) => waitSeconds.p95)).toBeLessThan(Math.max(1, 0.15 * p95));
  },
);

/** The same work for the same tasks, in many more objects. */
function inParts({ figures, settings, arrivals, ...same }: Scenario, parts: number): Scenario {
  return {
    ...same,
    figures: { ...figures, jobSeconds: figures.jobSeconds / parts },
    settings: { ...settings, jobsPerTask: settings.jobsPerTask * parts },
    arrivals: arrivals.map((one) => ({ ...one, objects: one.objects * parts })),
  };
}

test.each(LOADS)('a hundred times the objects are no more steps: %s', async (_load, change) => {
  const steps = async (parts: number) => {
    const run = new Simulation(inParts(scenarioOf(change), parts), 2_000);
    await run.run();
    return run.steps;
  };
  const few = await steps(1);
  expect(await steps(100)).toBeLessThan(1.5 * few);
});

test('with a task for each object, events grow with the tasks that there is time for', async () => {
  const of = async (objects: number) => {
    const arrivals = [{ from: 0, to: 0, objects }];
    const seldom = { runEverySeconds: 600, arrivals };
    const run = new Simulation(scenarioOf({ ...PER_OBJECT, ...seldom }), 2_000);
    const outcome = await run.run();
    return { outcome, steps: run.steps };
  };
  const { outcome, steps } = await of(100_000_000);
  expect(outcome.objects.done + outcome.objects.expired).toBe(100_000_000);
  expect(outcome.tasks.most).toBe(200);
  expect(steps).toBeLessThan(1.1 * (await of(1_000_000)).steps);
});
