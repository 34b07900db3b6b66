import { S3 } from '@aws-sdk/client-s3';
import { clientSettings } from '../../../local/aws/clients';
import type { LocalTaskRunner } from '../../../local/fargate/task-runner';
import type { TaskView } from '../../../local/ports';
import type { FakeAws } from '../../fakes/aws-server';
import type { FaultKind } from '../fault-kinds';
import { History } from '../history';
import { Reaper } from '../reaper';
import { effectsOn, kindsOf, startFakeServices, startStrikingProxy, striking } from './striking';

const TASK: TaskView = {
  taskArn: 'arn:aws:ecs:eu-central-1:123456789012:task/one/abc',
  capacityProvider: 'FARGATE_SPOT',
  lastStatus: 'RUNNING',
};

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeServices();
});
afterAll(() => aws.stop());
afterEach(() => {
  aws.received.length = 0;
});

/** A runner whose one task lives whatever befalls it, and what befell it. */
function runnerOf(befell: string[]): LocalTaskRunner {
  const tell = (what: string) => (taskArn: string) => {
    if (taskArn === TASK.taskArn) befell.push(what);
  };
  return {
    start: async () => undefined,
    stop: async () => undefined,
    tasks: () => [TASK],
    killAll: () => undefined,
    killTask: (taskArn, signal) => tell(signal)(taskArn),
    reclaimSpot: tell('Spot interruption'),
  };
}

/** A task reads an object under a fault. */
async function read(kind: FaultKind) {
  const befell: string[] = [];
  const history = new History();
  const injector = striking(kind, history);
  const reaper = new Reaper(runnerOf(befell), injector);
  const proxy = await startStrikingProxy(aws.endpoint, [], injector, {
    before: async (call) => reaper.before(call),
    after: async (call) => reaper.after(call),
  });
  const settings = { ...clientSettings(proxy.endpoint), maxAttempts: 1, userAgentAppId: 'abc' };
  const s3 = new S3({ ...settings, forcePathStyle: true });
  try {
    const sees = await s3.getObject({ Bucket: 'photos', Key: 'a.jpg' }).then(
      ({ Body }) => Body?.transformToString(),
      (error: Error) => error.message,
    );
    reaper.end();
    return { sees, befell, effects: effectsOn(aws).length, struck: history.faults().get(kind) };
  } finally {
    s3.destroy();
    await proxy.stop();
  }
}

const BODY = 'the body of an object';
const BROKEN = expect.stringMatching(/hang up|reset/);
const FATES: readonly [string, FaultKind, unknown, readonly string[], number][] = [
  ['is killed before its request takes effect', 'task-killed-before', BROKEN, ['SIGKILL'], 0],
  ['is killed after its request took effect', 'task-killed-after', BODY, ['SIGKILL'], 1],
  ['loses its Spot capacity', 'spot-interruption', BODY, ['Spot interruption'], 1],
  ['stands still, and continues', 'task-paused', BODY, ['SIGSTOP', 'SIGCONT'], 1],
];

test.each(FATES)('a task %s', async (_what, kind, sees, befell, effects) => {
  expect(await read(kind)).toEqual({ sees, befell, effects, struck: 1 });
});

test('every fault of a task has struck here', () => {
  expect(FATES.map(([, kind]) => kind).sort()).toEqual(kindsOf('task').sort());
});
