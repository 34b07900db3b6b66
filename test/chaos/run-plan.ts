import { S3_FAULTS } from './faults/s3-faults';
import { scalerFaults } from './faults/scaler-faults';
import { SQS_FAULTS } from './faults/sqs-faults';
import { History } from './history';
import { Injector } from './injector';
import { explainedUnattributed, largestFleet } from './limits';
import { makeObject } from './objects';
import { readOutcome } from './outcome';
import type { Plan } from './plan';
import { Reaper } from './reaper';
import { byInjector, handleWith } from './request-fault';
import { comeToRest } from './rest';
import { scalerRuns } from './scaler-runs';
import { textOf } from './text-of';
import { Uploads } from './uploads';
import { type Violation, violationsOf } from './verdict';
import { openWorld, type World } from './world';

/** How a run ended. */
export interface RunReport {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly history: History;
  readonly seconds: number;
}

/** Runs one plan on an emulator until everything is at rest, and checks every promise. */
export async function runPlan(endpoint: string, plan: Plan): Promise<RunReport> {
  const history = new History();
  const began = Date.now();
  const injector = new Injector(plan, history);
  const objects = await Promise.all(plan.objects.map((number) => makeObject(plan.seed, number)));
  const late: { uploads?: Uploads; reaper?: Reaper; fleet: number; world?: World } = { fleet: 0 };
  const worker = handleWith(byInjector([...S3_FAULTS, ...SQS_FAULTS], injector), {
    before: async (call) => {
      await late.uploads?.passes(call, 'before');
      return late.reaper?.before(call) ?? true;
    },
    after: async (call, answer) => {
      const { key, who, operation } = call;
      const keys = key ? [key] : [];
      history.add({ what: 'call', who, text: `${operation} ${answer.status}`, keys });
      await late.uploads?.passes(call, 'after');
      late.reaper?.after(call);
    },
  });
  const scaler = handleWith(byInjector(scalerFaults(), injector), {
    before: async () => true,
    after: async () => {
      late.fleet = Math.max(late.fleet, late.world?.liveTasks() ?? 0);
    },
  });
  const world = await openWorld(endpoint, plan, { worker, scaler }, history);
  try {
    const uploads = new Uploads(world.clients, world.pipeline, objects, history);
    Object.assign(late, { uploads, world, reaper: new Reaper(world.runner, injector) });
    await uploads.upload();
    const rest = await comeToRest({
      world,
      minute: (now) => scalerRuns(world.pipeline, injector, history, now),
      hasMore: () => uploads.makeChangesLeft(),
    });
    const expected = objects.map((object) => ({
      object,
      sourceKey: uploads.sourceKey(object),
      renditionKeys: uploads.renditionKeys(object),
    }));
    const limits = {
      maxAttempts: plan.maxAttempts,
      unattributed: explainedUnattributed(plan, history.faults()),
    };
    const outcome = await readOutcome(world.clients, world.pipeline);
    const violations = [
      ...rest,
      ...(await violationsOf(expected, outcome, limits)),
      ...fleetViolations(late.fleet, plan, history),
      ...(await world.program.leftBehind()).map((file) => ({
        text: `a worker left ${file} behind`,
        keys: [],
      })),
      ...world.defects().map((defect) => ({ text: `the test failed itself: ${textOf(defect)}`, keys: [] })),
    ];
    return { plan, violations, history, seconds: (Date.now() - began) / 1000 };
  } finally {
    late.reaper?.end();
    await world.close();
  }
}

function fleetViolations(fleet: number, plan: Plan, history: History): Violation[] {
  const largest = largestFleet(plan.maxTasks, history.faults());
  if (fleet <= largest) return [];
  return [
    {
      text: `${fleet} tasks ran at once, where ${plan.maxTasks} are allowed and the faults explain ${largest}`,
      keys: [],
    },
  ];
}
