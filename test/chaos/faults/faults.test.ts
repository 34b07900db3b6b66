import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../../local/aws/clients';
import type { FakeAws } from '../../fakes/aws-server';
import type { FaultKind } from '../fault-kinds';
import type { FaultProxy } from '../fault-proxy';
import { History } from '../history';
import { S3_FAULTS } from './s3-faults';
import { SQS_FAULTS } from './sqs-faults';
import { effectsOn, kindsOf, startFakeServices, startStrikingProxy, striking } from './striking';

const OBJECT = { Bucket: 'photos', Key: 'a b/é.jpg' };
const QUEUE = { QueueUrl: 'http://127.0.0.1/1/work' };
const ENTRIES = ['r0', 'r1', 'r2'].map((ReceiptHandle, index) => ({
  Id: String(index),
  ReceiptHandle,
}));

let aws: FakeAws;
let proxy: FaultProxy;
let s3: S3;
let sqs: SQS;
let history: History;

beforeAll(async () => {
  aws = await startFakeServices();
});
afterAll(() => aws.stop());
afterEach(async () => {
  s3.destroy();
  sqs.destroy();
  await proxy.stop();
  aws.received.length = 0;
});

const struck = new Set<FaultKind>();

async function strikingWith(kind: FaultKind) {
  struck.add(kind);
  history = new History();
  proxy = await startStrikingProxy(
    aws.endpoint,
    [...S3_FAULTS, ...SQS_FAULTS],
    striking(kind, history),
  );
  const settings = { ...clientSettings(proxy.endpoint), maxAttempts: 1 };
  s3 = new S3({ ...settings, forcePathStyle: true });
  sqs = new SQS({ ...settings, useQueueUrlAsEndpoint: false, md5: false });
}

const read = async () => (await s3.getObject(OBJECT)).Body?.transformToString();
const look = () => s3.headObject(OBJECT);
const write = () => s3.putObject({ ...OBJECT, Body: 'photo' });
const receive = async () => {
  const { Messages = [] } = await sqs.receiveMessage(QUEUE);
  return Messages.map(({ ReceiptHandle }) => ReceiptHandle);
};
const acknowledge = async () => {
  const answer = await sqs.deleteMessageBatch({ ...QUEUE, Entries: ENTRIES });
  return (answer.Failed ?? []).map(({ Code }) => Code);
};
const extend = async () => {
  const Entries = ENTRIES.map((entry) => ({ ...entry, VisibilityTimeout: 5 }));
  const answer = await sqs.changeMessageVisibilityBatch({ ...QUEUE, Entries });
  return (answer.Failed ?? []).map(({ Code }) => Code);
};

describe('a request fails and takes', () => {
  test.each<[string, FaultKind, () => Promise<unknown>, RegExp, number]>([
    ['no effect', 's3-slow-down', write, /SlowDown|reduce/, 0],
    ['no effect', 's3-internal-error', write, /internal error/, 0],
    ['no effect', 's3-internal-error', look, /./, 0],
    ['no effect', 's3-reset-before', read, /hang up|reset/, 0],
    ['effect', 's3-reset-after', write, /hang up|reset/, 1],
    ['effect', 's3-truncated-body', read, /aborted|hang up|reset|terminated/, 1],
    ['effect', 's3-wrong-checksum', read, /[Cc]hecksum/, 1],
    ['no effect', 'sqs-throttling', receive, /Rate exceeded/, 0],
    ['no effect', 'sqs-internal-error', acknowledge, /internal error/, 0],
    ['no effect', 'sqs-reset-before', receive, /hang up|reset/, 0],
    ['effect', 'sqs-reset-after', acknowledge, /hang up|reset/, 1],
  ])('%s under %s', async (_effect, kind, call, says, effects) => {
    await strikingWith(kind);
    await expect(call()).rejects.toThrow(says);
    expect([effectsOn(aws).length, history.faults().get(kind), proxy.defects]).toEqual([
      effects,
      1,
      [],
    ]);
  });
});

describe('a body', () => {
  test('comes slowly, and whole', async () => {
    await strikingWith('s3-slow-body');
    const began = Date.now();
    expect(await read()).toBe('the body of an object');
    expect(Date.now() - began).toBeGreaterThan(400);
  });

  test('is written late, while its client waits', async () => {
    await strikingWith('s3-slow-write');
    const began = Date.now();
    await write();
    expect(Date.now() - began).toBeGreaterThan(1_000);
    expect(effectsOn(aws)).toMatchObject([{ operation: 'PutObject', body: 'photo' }]);
  });

  test('arrives with one bit wrong', async () => {
    await strikingWith('s3-wrong-checksum');
    await write();
    expect(effectsOn(aws)[0]?.body).toHaveLength(5);
    expect(effectsOn(aws)[0]?.body).not.toBe('photo');
  });
});

describe('a batch', () => {
  test.each([
    ['an acknowledgement', acknowledge],
    ['an extension', extend],
  ])('fails in part: %s of one is not applied, the others are', async (_what, call) => {
    await strikingWith('sqs-partial-batch');
    expect(await call()).toEqual([expect.stringMatching(/ThrottlingException|InternalError/)]);
    expect(effectsOn(aws).map(({ receipts }) => receipts?.length)).toEqual([2]);
  });

  test('holds a receipt that has expired, whose message others can see', async () => {
    await strikingWith('sqs-expired-receipt');
    expect(await acknowledge()).toEqual(['ReceiptHandleIsInvalid']);
    const [shown, applied] = effectsOn(aws);
    expect(shown).toMatchObject({ operation: 'ChangeMessageVisibility', visibility: 0 });
    expect(applied?.receipts).toHaveLength(2);
    expect(applied?.receipts).not.toContain(shown?.receipts?.[0]);
  });
});

describe('a receive', () => {
  test.each<[string, FaultKind, readonly string[], readonly string[]]>([
    ['brings nothing although there is a backlog', 'sqs-empty-receive', [], []],
    ['brings its messages backwards', 'sqs-reordered', ['r2', 'r1', 'r0'], ['ReceiveMessage']],
    [
      'brings one message later',
      'sqs-delayed',
      ['r1', 'r2'],
      ['ReceiveMessage', 'ChangeMessageVisibility'],
    ],
    [
      'brings a message that others see, too',
      'sqs-duplicate',
      ['r0', 'r1', 'r2'],
      ['ReceiveMessage', 'ChangeMessageVisibility'],
    ],
  ])('%s', async (_what, kind, brings, seen) => {
    await strikingWith(kind);
    expect(await receive()).toEqual(brings);
    expect(effectsOn(aws).map(({ operation }) => operation)).toEqual(seen);
  });
});

test('every fault of a worker has struck here', () => {
  expect([...struck].sort()).toEqual(kindsOf('worker').sort());
});
