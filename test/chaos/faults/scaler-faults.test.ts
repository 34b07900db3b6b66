import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ECS } from '@aws-sdk/client-ecs';
import { SQS } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../../local/aws/clients';
import type { FakeAws } from '../../fakes/aws-server';
import type { Call } from '../call';
import type { FaultKind } from '../fault-kinds';
import type { FaultProxy } from '../fault-proxy';
import { History } from '../history';
import { SCALER_NAME } from '../scaler-runs';
import { scalerFaults } from './scaler-faults';
import { effectsOn, kindsOf, startFakeServices, startStrikingProxy, striking } from './striking';

let aws: FakeAws;
let proxy: FaultProxy;
let ecs: ECS;
let sqs: SQS;
let history: History;
/** In the place of the function's process. */
let scaler: ChildProcess;
let scalerEnds: Promise<unknown[]>;

beforeAll(async () => {
  aws = await startFakeServices();
  scaler = spawn('sleep', ['60'], { stdio: 'ignore' });
  scalerEnds = once(scaler, 'exit');
});
afterAll(async () => {
  scaler.kill('SIGKILL');
  await aws.stop();
});
afterEach(() => {
  aws.received.length = 0;
});

const struck = new Set<FaultKind>();

async function strikingWith(kind: FaultKind, use: () => Promise<void>) {
  struck.add(kind);
  history = new History();
  proxy = await startStrikingProxy(aws.endpoint, scalerFaults(), striking(kind, history));
  const userAgentAppId = `${SCALER_NAME}${scaler.pid}`;
  const settings = { ...clientSettings(proxy.endpoint), maxAttempts: 1, userAgentAppId };
  ecs = new ECS(settings);
  sqs = new SQS({ ...settings, useQueueUrlAsEndpoint: false });
  try {
    await use();
    expect(proxy.defects).toEqual([]);
  } finally {
    ecs.destroy();
    sqs.destroy();
    await proxy.stop();
  }
}

const list = async () => {
  const { taskArns = [] } = await ecs.listTasks({ cluster: 'one' });
  return taskArns.length;
};
const count = async () => {
  const QueueUrl = 'http://127.0.0.1/1/work';
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
  return Number(Attributes?.ApproximateNumberOfMessages);
};
const launch = async () => {
  const input = { cluster: 'one', taskDefinition: 'worker', count: 3, clientToken: 'a' };
  const { tasks = [], failures = [] } = await ecs.runTask(input);
  return [tasks.length, ...failures.map(({ reason }) => reason)];
};

describe('a request of the scaler fails and takes', () => {
  test.each<[string, FaultKind, () => Promise<unknown>, RegExp, number]>([
    ['no effect', 'scaler-throttling', list, /Rate exceeded/, 0],
    ['effect', 'run-task-reset-after', launch, /hang up|reset/, 1],
    ['effect', 'scaler-times-out', launch, /hang up|reset/, 1],
  ])('%s under %s', (_effect, kind, call, says, effects) =>
    strikingWith(kind, async () => {
      await expect(call()).rejects.toThrow(says);
      expect([effectsOn(aws).length, history.faults().get(kind)]).toEqual([effects, 1]);
    }),
  );

  test('and its process is killed when its time is over', async () => {
    await strikingWith('scaler-times-out', async () => {
      await expect(launch()).rejects.toThrow();
    });
    expect(await scalerEnds).toEqual([null, 'SIGKILL']);
  });
});

describe('a launch of three tasks brings', () => {
  test.each<[string, FaultKind, readonly unknown[], readonly number[]]>([
    ['none for lack of a network interface', 'run-task-resource', [0, 'RESOURCE:ENI'], []],
    [
      'none for lack of capacity',
      'run-task-no-capacity',
      [0, expect.stringContaining('Capacity is unavailable')],
      [],
    ],
    ['one less', 'run-task-partial', [2, expect.stringContaining('Capacity is unavailable')], [2]],
  ])('%s', (_what, kind, brings, launched) =>
    strikingWith(kind, async () => {
      expect(await launch()).toEqual(brings);
      expect(effectsOn(aws).map(({ body }) => JSON.parse(body).count)).toEqual(launched);
    }),
  );
});

describe('what was true one look ago is seen again, and then the truth', () => {
  test.each<[FaultKind, () => Promise<number>]>([
    ['stale-counts', count],
    ['list-tasks-lags', list],
  ])('under %s', (kind, look) =>
    strikingWith(kind, async () => {
      expect([await look(), await look(), await look()]).toEqual([1, 1, 3]);
    }),
  );
});

test('every fault of the scaler has struck here', () => {
  expect([...struck].sort()).toEqual(kindsOf('scaler').sort());
});

const LAUNCHED = { status: 200, headers: {}, body: Buffer.alloc(0) };
const runTask = (clientToken: string): Call => ({
  service: 'ecs',
  operation: 'RunTask',
  who: 'scaler-1',
  input: { clientToken, count: 2 },
});

test('a launch that took effect is never refused for lack of room when it is repeated', () => {
  const faults = scalerFaults();
  const refusing = () =>
    faults.filter(
      ({ kind, canStrike }) => /resource|capacity|partial/.test(kind) && canStrike(runTask('a')),
    );
  expect(refusing()).toHaveLength(3);
  for (const { observe } of faults) observe?.(runTask('b'), LAUNCHED);
  expect(refusing()).toHaveLength(3);
  for (const { observe } of faults) observe?.(runTask('a'), LAUNCHED);
  expect(refusing()).toEqual([]);
});
