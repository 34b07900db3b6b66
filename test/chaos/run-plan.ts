import { setTimeout as delay } from 'node:timers/promises';
import { invokeScaler } from '../../local/provision/invoke-scaler';
import { S3_FAULTS } from './faults/s3-faults';
import { scalerFaults } from './faults/scaler-faults';
import { SQS_FAULTS } from './faults/sqs-faults';
import { History } from './history';
import { Injector } from './injector';
import { explainedUnattributed, largestFleet } from './limits';
import { makeObject } from './objects';
import { messagesIn, readOutcome } from './outcome';
import type { Plan } from './plan';
import { Reaper } from './reaper';
import { handleWith } from './request-fault';
import { SCALER_NAME } from './scaler-process';
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

const MINUTE = 60_000;
/** Between two runs of the scaler, which are a minute apart at AWS. */
const MINUTE_PASSES_MILLISECONDS = 600;
/** Of the slowest run: eight attempts of a job with their growing waits do not fit, but no plan has faults for that. */
const REST_SECONDS = Number(process.env.REST ?? 150);

/** Runs one plan on an emulator until everything is at rest, and checks every promise. */
export async function runPlan(endpoint: string, plan: Plan): Promise<RunReport> {
  const history = new History();
  const began = Date.now();
  const injector = new Injector(plan, history);
  const objects = await Promise.all(plan.objects.map((number) => makeObject(plan.seed, number)));
  const late: { uploads?: Uploads; reaper?: Reaper; fleet: number; world?: World } = { fleet: 0 };
  const worker = handleWith([...S3_FAULTS, ...SQS_FAULTS], injector, {
    before: async (call) => {
      await late.uploads?.passes(call, 'before');
      return late.reaper?.before(call) ?? true;
    },
    after: async (call, answer) => {
      const { key, who, operation } = call;
      const keys = key ? [key] : [];
      history.add({ what: 'call', who: who.slice(0, 8), text: `${operation} ${answer.status}`, keys });
      await late.uploads?.passes(call, 'after');
      late.reaper?.after(call);
    },
  });
  const scaler = handleWith(scalerFaults(), injector, {
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
    const rest = await comeToRest(world, uploads, injector, history);
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

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Lets minutes pass until no message and no task is left and every object has had its changes. */
async function comeToRest(
  world: World,
  uploads: Uploads,
  injector: Injector,
  history: History,
): Promise<Violation[]> {
  const { pipeline, clients, runner } = world;
  const deadline = Date.now() + REST_SECONDS * 1000;
  const failures: Violation[] = [];
  let scheduled = Date.now();
  let quiet = 0;
  while (quiet < 2) {
    scheduled += MINUTE;
    failures.push(...(await scalerRuns(world, injector, history, new Date(scheduled))));
    await delay(MINUTE_PASSES_MILLISECONDS);
    const live = runner.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
    const messages = await messagesIn(clients, pipeline.queueUrl);
    const isQuiet = live === 0 && messages === 0 && !(await uploads.makeChangesLeft());
    quiet = isQuiet ? quiet + 1 : 0;
    if (Date.now() < deadline) continue;
    const text = `after ${REST_SECONDS} s there are ${messages} messages and ${live} tasks left`;
    return [...failures, { text, keys: [] }];
  }
  return failures;
}

/** The runs of one minute: one, or two at once, or one after the other with the same minute. */
async function scalerRuns(
  { pipeline }: World,
  injector: Injector,
  history: History,
  minute: Date,
): Promise<Violation[]> {
  const overlaps = injector.strikes('scaler-overlaps');
  const again = injector.strikes('scaler-runs-twice');
  if (overlaps)
    injector.tell('scaler-overlaps', 'scaler', 'the run of the next minute comes at the same time');
  if (again) injector.tell('scaler-runs-twice', 'scaler', 'the same run comes again');
  const run = async (now: Date): Promise<Violation[]> => {
    const before = scalerStrikes(history);
    try {
      const said = await invokeScaler(pipeline, now);
      history.add({ what: 'run', who: 'scaler', text: runText(said), keys: [] });
      return [];
    } catch (error) {
      const text = textOf(error).split('\n')[0] ?? '';
      history.add({ what: 'run', who: 'scaler', text, keys: [] });
      return scalerStrikes(history) > before ? [] : [{ text: `without a fault, ${text}`, keys: [] }];
    }
  };
  const first = [run(minute), ...(overlaps ? [run(new Date(minute.getTime() + MINUTE))] : [])];
  const found = (await Promise.all(first)).flat();
  return again ? [...found, ...(await run(minute))] : found;
}

/** What a run decided and did, of its line. */
function runText(said: unknown): string {
  const { decided, done } = said as Readonly<Record<string, unknown>>;
  return JSON.stringify({ decided, done });
}

/** Faults of the scaler's requests so far. */
function scalerStrikes(history: History): number {
  return history.all.filter(({ what, who }) => what === 'fault' && who.startsWith(SCALER_NAME)).length;
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
