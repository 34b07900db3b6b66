import { parseRecipe } from '../../application-code/images/recipe';
import { ended, exited, freshCanary } from '../../test/fakes/deployer/fake-canary';
import { fakeWorker, letter } from '../../test/fakes/deployer/fake-worker';
import { s3Record } from '../../test/fakes/worker/events';

const canary = freshCanary();

describe('a canary passes', () => {
  test('when every rendition of every sample is there', async () => {
    expect(await canary.run()).toEqual({
      kind: 'passed',
      samples: 4,
      outputs: 4,
      seconds: expect.any(Number),
    });
    expect(canary.left()).toEqual([]);
    expect(canary.account.launches).toEqual([
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
          DESTINATION_KIND: 'objects',
        },
      },
    ]);
  });

  test("by the recipe of the revision's own environment", async () => {
    const recipe = '[{"name":"a","width":90,"format":"webp"},{"name":"b","width":40,"height":40}]';
    await canary.start({ RECIPE: recipe });
    canary.account.task = fakeWorker(canary.account, parseRecipe(recipe));
    expect(await canary.run()).toMatchObject({ kind: 'passed', samples: 4, outputs: 8 });
  });

  test('without samples that the pipeline means to refuse', async () => {
    await canary.start({
      MAX_SOURCE_BYTES: String(canary.samples[3]?.body.length),
      MAX_SOURCE_PIXELS: '500000',
    });
    expect(await canary.run()).toMatchObject({ kind: 'passed', samples: 2 });
  });

  test('beside what an earlier canary that crashed has left in the queues', async () => {
    const old = JSON.stringify({
      Records: [s3Record('canary/photos/run-0/in/plain.webp', {}, 'sources')],
    });
    canary.account.queue.push(old);
    letter(canary.account, old, 'Undecodable', 'of an earlier run');
    expect(await canary.run()).toMatchObject({ kind: 'passed' });
    expect(canary.account.deadLetters.map(({ faultCode }) => faultCode)).toEqual([
      'Undecodable',
      'UnexpectedSource',
    ]);
  });

  test('at another try when the task of another canary took the samples', async () => {
    let launches = 0;
    canary.account.task = async (launch) => {
      launches += 1;
      if (launches > 1) return fakeWorker(canary.account)(launch);
      return fakeWorker(canary.account)({
        ...launch,
        variables: { SOURCE_PREFIX: 'canary/photos/other/in/' },
      });
    };
    expect(await canary.run()).toMatchObject({ kind: 'passed' });
    expect(canary.account.said).toEqual([
      'photos: another canary took samples of this one; trying again',
    ]);
    expect(canary.account.deadLetters).toEqual([]);
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
    canary.account.task = async (launch) => answers.shift() ?? fakeWorker(canary.account)(launch);
    expect(await canary.run()).toMatchObject({ kind: 'passed' });
    expect(canary.account.launches.map(({ clientToken }) => clientToken)).toEqual(
      [0, 1, 2].map((n) => `canary-run-1-${n}`),
    );
    expect(canary.account.said[0]).toBe('photos: ECS did not start the canary (RESOURCE:CPU)');
  });
});

describe('what must not hide the result', () => {
  test('logs that cannot be read are said', async () => {
    canary.account.task = async () => exited(1);
    canary.account.broken.set('tail', new Error('denied'));
    expect(await canary.run()).toMatchObject({
      reason: expect.stringContaining(
        'Its output could not be read (worker/worker/0 of /spillway/dev/photos/worker): denied',
      ),
    });
  });

  test('logs that are not there yet are said', async () => {
    canary.account.task = async () => exited(1);
    canary.account.logLines = [];
    expect(await canary.run()).toMatchObject({
      reason: expect.stringContaining('It wrote nothing yet to worker/worker/0'),
    });
  });

  test('a bucket that cannot be cleared is a warning', async () => {
    canary.account.broken.set('keys sources', new Error('denied'));
    expect(await canary.run()).toMatchObject({ kind: 'passed' });
    expect(canary.account.said).toEqual([
      'warning: clearing canary/photos/run-1/ of sources failed: denied',
    ]);
  });

  test('a task that cannot be stopped is a warning', async () => {
    canary.account.task = async () => ({ isStopped: false, containers: [] });
    canary.account.broken.set('stop', new Error('denied'));
    expect(await canary.run(5)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('did not end within 5'),
    });
    expect(canary.account.said[0]).toMatch(
      /^warning: stopping the canary's task .* failed: denied$/,
    );
  });
});

test('a deploy that is stopped stops its task and clears up', async () => {
  canary.account.task = async () => {
    setTimeout(() => canary.account.stop.abort(new Error('stopped from outside')), 5);
    return { isStopped: false, containers: [] };
  };
  await expect(canary.run(3_600_000)).rejects.toThrow('stopped from outside');
  expect(canary.account.stopped).toEqual([expect.stringContaining('The deploy was stopped')]);
  expect(canary.left()).toEqual([]);
});
