import { exampleScenario, type ScenarioChange } from '../test/fakes/scenario';
import { missedGoal } from './drain-goal';
import { simulate } from './simulate';

/** 4,000 jobs of ten seconds, which need 23 tasks for 30 minutes. */
async function goalOf({ settings, figures }: ScenarioChange = {}) {
  const scenario = exampleScenario({
    settings: { scaling: { policy: 'drain-within', minutes: 30 }, maxTasks: 100, ...settings },
    figures: { jobSeconds: 10, startSeconds: 30, ...figures },
    arrivals: [{ from: 0, to: 0, objects: 4_000 }],
  });
  return missedGoal(scenario, await simulate(scenario));
}

test.each([
  ['max-tasks', { settings: { maxTasks: 10 } }, /maxTasks \(10\) .* a larger one/],
  [
    'on-demand-vcpus',
    { figures: { onDemandVcpus: 5 }, settings: { spotWeight: 0 } },
    /"Fargate On-Demand vCPU resource count" .* Service Quotas/,
  ],
  [
    'spot-vcpus',
    { figures: { spotVcpus: 2 } },
    /"Fargate Spot vCPU resource count" .* Service Quotas/,
  ],
  ['addresses', { figures: { freeAddresses: [5, 4] } }, /no free address left: larger or more/],
] as const)(
  'minutes that %s does not allow are missed, and it is named',
  async (what, change, advice) => {
    const goal = await goalOf(change as ScenarioChange);
    expect(goal?.because).toContain(what);
    expect(goal?.sentence).toMatch(
      /^the policy drain-within cannot keep its 30 minutes: one object /,
    );
    expect(goal?.sentence).toMatch(advice);
    expect(goal?.sentence).toContain('Or allow more minutes (scaling.minutes).');
  },
);

test('the rate of launches is named where it leaves no time', async () => {
  const goal = await goalOf({
    settings: { scaling: { policy: 'drain-within', minutes: 1 }, maxTasks: 5_000 },
    figures: { jobSeconds: 40, startSeconds: 1 },
  });
  expect(goal?.because).toContain('launch-rate');
});

test('what expires is not done at all', async () => {
  const goal = await goalOf({
    settings: { maxTasks: 1, retentionDays: 1 },
    figures: { jobSeconds: 60 },
  });
  expect(goal?.sentence).toContain('some objects are not done at all');
});

test.each([
  ['minutes that are kept', {}],
  ['a limit that costs no time', { settings: { maxTasks: 24 } }],
  ['another policy', { settings: { scaling: { policy: 'jobs-per-task', jobsPerTask: 1 } } }],
] as const)('%s are no error', async (_what, change) => {
  expect(await goalOf(change as ScenarioChange)).toBeUndefined();
});
