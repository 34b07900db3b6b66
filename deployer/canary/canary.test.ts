import { parseRecipe } from '../../application-code/images/recipe';
import type { FakeAccount } from '../../test/fakes/deployer/fake-account';
import {
  ended,
  exited,
  type FakeCanary,
  openFakeCanary,
} from '../../test/fakes/deployer/fake-canary';
import { fakeWorker, letter } from '../../test/fakes/deployer/fake-worker';
import { s3Record } from '../../test/fakes/worker/events';

let canary: FakeCanary;
let account: FakeAccount;
const run = (timeoutSeconds?: number) => canary.run(timeoutSeconds);
const start = async (variables?: Readonly<Record<string, string>>) => {
  canary = await openFakeCanary(variables);
  account = canary.account;
};

beforeEach(() => start());

describe('a canary passes', () => {
  test('when every rendition of every sample is there', async () => {
    expect(await run()).toEqual({
      kind: 'passed',
      samples: 4,
      outputs: 4,
      seconds: expect.any(Number),
    });
    expect(canary.left()).toEqual([]);
    expect(account.launches).toEqual([
      {
        cluster: 'spillway-dev',
        revision: 'spillway-dev-photos-worker-template:1',
        subnetIds: ['subnet-1'],
        securityGroupIds: ['sg-1'],
        assignPublicIp: true,
        clientToken: 'canary-run-1-0',
        pipeline: 'photos',
        variables: {
          QUEUE_URL: canary.target.canaryQueueUrl,
          DEAD_LETTER_QUEUE_URL: canary.target.canaryDeadLetterQueueUrl,
          SOURCE_PREFIX: 'canary/photos/run-1/in/',
          DESTINATION_PREFIX: 'canary/photos/run-1/out/',
          IDLE_EXIT_SECONDS: '3',
        },
      },
    ]);
  });

  test("by the recipe of the revision's own environment", async () => {
    const recipe = '[{"name":"a","width":90,"format":"webp"},{"name":"b","width":40,"height":40}]';
    await start({ RECIPE: recipe });
    account.task = fakeWorker(account, parseRecipe(recipe));
    expect(await run()).toMatchObject({ kind: 'passed', samples: 4, outputs: 8 });
  });

  test('without samples that the pipeline means to refuse', async () => {
    await start({
      MAX_SOURCE_BYTES: String(canary.samples[3]?.body.length),
      MAX_SOURCE_PIXELS: '500000',
    });
    expect(await run()).toMatchObject({ kind: 'passed', samples: 2 });
  });

  test('beside what an earlier canary that crashed has left in the queues', async () => {
    const old = JSON.stringify({
      Records: [s3Record('canary/photos/run-0/in/plain.webp', {}, 'sources')],
    });
    account.queue.push(old);
    letter(account, old, 'Undecodable', 'of an earlier run');
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(account.deadLetters.map(({ faultCode }) => faultCode)).toEqual([
      'Undecodable',
      'UnexpectedSource',
    ]);
  });

  test('at another try when the task of another canary took the samples', async () => {
    let launches = 0;
    account.task = async (launch) => {
      launches += 1;
      if (launches > 1) return fakeWorker(account)(launch);
      return fakeWorker(account)({
        ...launch,
        variables: { SOURCE_PREFIX: 'canary/photos/other/in/' },
      });
    };
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(account.said).toEqual(['photos: another canary took samples of this one; trying again']);
    expect(account.deadLetters).toEqual([]);
    expect(canary.left()).toEqual([]);
  });

  test('once ECS has room again', async () => {
    const noRoom = ended({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Capacity is unavailable at this time.',
      containers: [],
    });
    const answers = [
      { kind: 'refused', because: 'RESOURCE:CPU', isLasting: false } as const,
      noRoom,
    ];
    account.task = async (launch) => answers.shift() ?? fakeWorker(account)(launch);
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(account.launches.map(({ clientToken }) => clientToken)).toEqual(
      [0, 1, 2].map((n) => `canary-run-1-${n}`),
    );
    expect(account.said[0]).toBe('photos: ECS did not start the canary (RESOURCE:CPU)');
  });
});

describe('what must not hide the result', () => {
  test('logs that cannot be read are said', async () => {
    account.task = async () => exited(1);
    account.broken.set('tail', new Error('denied'));
    expect(await run()).toMatchObject({
      reason: expect.stringContaining(
        'Its output could not be read (worker/worker/0 of /spillway/dev/photos/worker): denied',
      ),
    });
  });

  test('logs that are not there yet are said', async () => {
    account.task = async () => exited(1);
    account.logLines = [];
    expect(await run()).toMatchObject({
      reason: expect.stringContaining('It wrote nothing yet to worker/worker/0'),
    });
  });

  test('a bucket that cannot be cleared is a warning', async () => {
    account.broken.set('keys sources', new Error('denied'));
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(account.said).toEqual([
      'warning: clearing canary/photos/run-1/ of sources failed: denied',
    ]);
  });

  test('a task that cannot be stopped is a warning', async () => {
    account.task = async () => ({ isStopped: false, containers: [] });
    account.broken.set('stop', new Error('denied'));
    expect(await run(5)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('did not end within 5'),
    });
    expect(account.said[0]).toMatch(/^warning: stopping the canary's task .* failed: denied$/);
  });
});

test('a deploy that is stopped stops its task and clears up', async () => {
  account.task = async () => {
    setTimeout(() => account.stop.abort(new Error('stopped from outside')), 5);
    return { isStopped: false, containers: [] };
  };
  await expect(run(3_600_000)).rejects.toThrow('stopped from outside');
  expect(account.stopped).toEqual([expect.stringContaining('The deploy was stopped')]);
  expect(canary.left()).toEqual([]);
});
