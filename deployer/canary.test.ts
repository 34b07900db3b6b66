import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { s3Record } from '../application-code/worker/src/fakes/events';
import { DEFAULT_RECIPE, parseRecipe, type Recipe } from '../application-code/worker/src/image/recipe';
import { render } from '../application-code/worker/src/image/test-render';
import { renditionKey } from '../application-code/worker/src/job/keys';
import { readMessage } from '../application-code/worker/src/job/messages';
import type { DeliveryTarget } from '../pipeline/delivery';
import { runCanary } from './canary';
import { namesOf, type PlayWorker, STOPPED, World } from './fakes/world';
import type { CanaryTask } from './ports';
import { makeSamples, type Sample } from './samples';

let samples: readonly Sample[];
let world: World;
let target: DeliveryTarget;
const CANARIES = /^(sources|renditions)\/canary\//;

beforeAll(async () => {
  samples = await makeSamples();
});

beforeEach(() => start());

function start(variables: Readonly<Record<string, string>> = {}): void {
  world = new World();
  target = world.addPipeline('photos', variables);
  world.play = worker();
  world.logLines = ['{"event":"started"}', 'Error: no such module'];
}

const run = (timeoutSeconds = 600) => {
  const revision = world.revisions.get(`${namesOf('photos').templateFamily}:1`);
  if (!revision) throw new Error('there is no revision');
  return runCanary(world.surroundings(), target, revision, { environment: 'dev', timeoutSeconds, samples });
};

/** Does what our worker does: reads the events, renders, writes, refuses what is not its own. */
function worker(recipe: Recipe = DEFAULT_RECIPE, end: CanaryTask = STOPPED): PlayWorker {
  return async ({ variables }) => {
    const { SOURCE_PREFIX: sourcePrefix = '', DESTINATION_PREFIX: destinationPrefix = '' } = variables;
    for (const body of world.queue.splice(0)) {
      for (const entry of readMessage(body, { sourceBucket: 'sources', sourcePrefix })) {
        if (entry.kind === 'fault') letter(body, entry.fault.code, entry.fault.message);
        if (entry.kind !== 'source') continue;
        const source = world.objects.get(`sources/${entry.key}`);
        if (!source) continue;
        const { images } = await render(source, recipe);
        for (const { name, body: picture } of images) {
          const spec = recipe.find((one) => one.name === name) ?? { name };
          const key = renditionKey(entry.key, spec, { sourcePrefix, destinationPrefix });
          world.objects.set(`renditions/${key}`, picture);
        }
      }
    }
    return end;
  };
}

function letter(body: string, faultCode?: string, faultMessage?: string): void {
  world.deadLetters.push({
    receiptHandle: `receipt-${world.deadLetters.length}`,
    body,
    ...(faultCode && { faultCode }),
    ...(faultMessage && { faultMessage }),
  });
}

const ended = (fields: Partial<CanaryTask>): CanaryTask => ({ ...STOPPED, ...fields });
const exited = (exitCode: number, reason?: string) =>
  ended({ containers: [{ name: 'worker', exitCode, ...(reason && { reason }) }] });
const left = () => [...world.objects.keys()].filter((path) => CANARIES.test(path));

describe('a canary passes', () => {
  test('when every rendition of every sample is there', async () => {
    expect(await run()).toEqual({ kind: 'passed', samples: 4, renditions: 4, seconds: expect.any(Number) });
    expect(left()).toEqual([]);
    expect(world.launches).toEqual([
      {
        cluster: 'spillway-dev',
        revision: 'spillway-dev-photos-worker-template:1',
        subnetIds: ['subnet-1'],
        securityGroupIds: ['sg-1'],
        assignPublicIp: true,
        environment: 'dev',
        pipeline: 'photos',
        clientToken: 'canary-run-1-0',
        variables: {
          QUEUE_URL: target.canaryQueueUrl,
          DEAD_LETTER_QUEUE_URL: target.canaryDeadLetterQueueUrl,
          SOURCE_PREFIX: 'canary/photos/run-1/in/',
          DESTINATION_PREFIX: 'canary/photos/run-1/out/',
          IDLE_EXIT_SECONDS: '3',
        },
      },
    ]);
  });

  test("by the recipe of the revision's own environment", async () => {
    const recipe = '[{"name":"a","width":90,"format":"webp"},{"name":"b","width":40,"height":40}]';
    start({ RECIPE: recipe });
    world.play = worker(parseRecipe(recipe));
    expect(await run()).toMatchObject({ kind: 'passed', samples: 4, renditions: 8 });
  });

  test('without samples that the pipeline means to refuse', async () => {
    start({ MAX_SOURCE_BYTES: String(samples[3]?.body.length), MAX_SOURCE_PIXELS: '500000' });
    const small = samples.filter(({ body, size, frames }) => {
      return body.length <= (samples[3]?.body.length ?? 0) && size.width * size.height * frames <= 500_000;
    });
    expect(await run()).toMatchObject({ kind: 'passed', samples: small.length });
    expect(small.length).toBeLessThan(4);
  });

  test('beside what an earlier canary that crashed has left in the queues', async () => {
    const old = JSON.stringify({ Records: [s3Record('canary/photos/run-0/in/plain.webp', {}, 'sources')] });
    world.queue.push(old);
    letter(old, 'Undecodable', 'of an earlier run');
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(world.deadLetters.map(({ faultCode }) => faultCode)).toEqual(['Undecodable', 'UnexpectedSource']);
  });

  test('at another try when the task of another canary took the samples', async () => {
    let launches = 0;
    world.play = async (launch) => {
      launches += 1;
      if (launches > 1) return worker()(launch);
      return worker()({ ...launch, variables: { SOURCE_PREFIX: 'canary/photos/other/in/' } });
    };
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(world.said).toEqual(['photos: another canary took the samples; trying again']);
    expect(world.deadLetters).toEqual([]);
    expect(left()).toEqual([]);
  });

  test('once ECS has room again', async () => {
    const noRoom = ended({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Capacity is unavailable at this time.',
      containers: [],
    });
    const answers = [{ kind: 'refused', because: 'RESOURCE:CPU', isLasting: false } as const, noRoom];
    world.play = async (launch) => answers.shift() ?? worker()(launch);
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(world.launches.map(({ clientToken }) => clientToken)).toEqual(
      [0, 1, 2].map((n) => `canary-run-1-${n}`),
    );
    expect(world.said[0]).toBe('photos: ECS did not start the canary (RESOURCE:CPU)');
  });
});

describe('a canary fails', () => {
  const pull = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)';
  const LOG = 'Its last lines:\n  {"event":"started"}\n  Error: no such module';
  test.each<[string, CanaryTask, string]>([
    [
      'when its image cannot be pulled',
      ended({ stopCode: 'TaskFailedToStart', stoppedReason: pull, containers: [{ name: 'worker' }] }),
      `the task never started: ${pull}. `,
    ],
    [
      'when its image is for another machine',
      exited(255, 'exec /usr/local/bin/node: exec format error'),
      `the worker ended with code 255 (exec /usr/local/bin/node: exec format error). ${LOG}`,
    ],
    [
      'when it throws at start',
      exited(1),
      `ended with code 1 (an unexpected error before any job was finished). ${LOG}`,
    ],
    ['when a variable is wrong', exited(2), 'code 2 (an environment variable that is missing or wrong)'],
    ['when it fails after its first job', exited(3), 'code 3 (an unexpected error after a job was finished)'],
    ['when memory runs out', exited(137, 'OutOfMemoryError'), 'want of memory; OutOfMemoryError)'],
    ['with a code that nobody knows', exited(42), 'the worker ended with code 42. '],
    [
      'when somebody stops it',
      ended({ stopCode: 'UserInitiated', stoppedReason: 'by hand', containers: [{ name: 'worker' }] }),
      'the task was stopped from outside: by hand',
    ],
  ])('%s, with its last lines', async (_what, end, reason) => {
    world.play = worker(DEFAULT_RECIPE, end);
    const verdict = await run();
    expect(verdict).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(verdict).toMatchObject({ reason: expect.stringContaining(LOG) });
    expect(left()).toEqual([]);
  });

  test('when it does not end in time, and is stopped', async () => {
    world.play = async () => ({ isStopped: false, containers: [] });
    expect(await run(30)).toMatchObject({
      kind: 'refused',
      reason: `the worker did not end within 30 seconds, was stopped. ${LOG}`,
    });
    expect(world.stopped).toEqual([
      'arn:aws:ecs:eu-central-1:123456789012:task/c/0: The canary did not end within 30 seconds',
    ]);
    expect(left()).toEqual([]);
  });

  test('when renditions are of the wrong size, naming which', async () => {
    world.play = worker([{ name: '224x224', width: 100, height: 100, fit: 'inside' }]);
    expect(await run()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(
        /^rendition 224x224 of turned photo .* must be 224 × 168 pixels, but 100 × 75 were found; /,
      ),
    });
  });

  test('when it ends well and writes nothing, naming the first few', async () => {
    const recipe = JSON.stringify([1, 2, 3].map((n) => ({ name: `r${n}`, width: n * 40 })));
    start({ RECIPE: recipe });
    world.play = async () => STOPPED;
    expect(await run()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/is missing .*; and 7 more$/),
    });
  });

  test('when a sample becomes a dead letter, with the fault', async () => {
    world.play = async () => {
      letter(world.queue[0] ?? '', 'Undecodable', 'libvips: no JPEG support');
      return STOPPED;
    };
    expect(await run()).toMatchObject({
      reason: 'turned photo 1+2 é.jpg became a dead letter (Undecodable: libvips: no JPEG support)',
    });
    expect(world.deadLetters).toEqual([]);
  });

  test('when the queue itself gives a sample up', async () => {
    world.play = async () => {
      letter(world.queue[1] ?? '');
      return STOPPED;
    };
    expect(await run()).toMatchObject({ reason: 'transparent.png became a dead letter (Unattributed)' });
  });

  test('when ECS refuses for good, which is no fault of the image', async () => {
    world.play = async () => ({ kind: 'refused', because: 'AccessDeniedException: no', isLasting: true });
    expect(await run()).toMatchObject({
      kind: 'refused',
      reason:
        "the canary's task could not be launched, which is no fault of the image: AccessDeniedException: no",
    });
    expect(world.launches).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  test('when ECS has no room after five tries', async () => {
    world.play = async () => ({ kind: 'refused', because: 'RESOURCE:CPU', isLasting: false });
    expect(await run()).toMatchObject({
      reason: expect.stringContaining('no fault of the image: RESOURCE:CPU'),
    });
    expect(world.launches).toHaveLength(5);
  });

  test('when other canaries take its samples every time', async () => {
    world.play = (launch) => worker()({ ...launch, variables: { SOURCE_PREFIX: 'canary/photos/other/in/' } });
    expect(await run()).toMatchObject({ reason: expect.stringContaining('says nothing about the image') });
    expect(world.launches).toHaveLength(4);
  });

  test('when the settings leave no sample', async () => {
    start({ MAX_SOURCE_BYTES: '10' });
    await expect(run()).rejects.toThrow('every one is above its MAX_SOURCE_BYTES (10)');
  });
});

describe('what must not hide the verdict', () => {
  test('logs that cannot be read are said', async () => {
    world.play = async () => exited(1);
    world.broken.set('tail', new Error('denied'));
    expect(await run()).toMatchObject({
      reason: expect.stringContaining(
        'Its output could not be read (worker/worker/0 of /spillway/dev/photos/worker): denied',
      ),
    });
  });

  test('logs that are not there yet are said', async () => {
    world.play = async () => exited(1);
    world.logLines = [];
    expect(await run()).toMatchObject({
      reason: expect.stringContaining('It wrote nothing yet to worker/worker/0'),
    });
  });

  test('a bucket that cannot be cleared is a warning', async () => {
    world.broken.set('keys sources', new Error('denied'));
    expect(await run()).toMatchObject({ kind: 'passed' });
    expect(world.said).toEqual(['warning: clearing canary/photos/run-1/ of sources failed: denied']);
  });

  test('a task that cannot be stopped is a warning', async () => {
    world.play = async () => ({ isStopped: false, containers: [] });
    world.broken.set('stop', new Error('denied'));
    expect(await run(5)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('did not end within 5'),
    });
    expect(world.said[0]).toMatch(/^warning: stopping the canary's task .* failed: denied$/);
  });
});

test('a deploy that is stopped stops its task and clears up', async () => {
  world.play = async () => {
    setTimeout(() => world.stop.abort(new Error('stopped from outside')), 5);
    return { isStopped: false, containers: [] };
  };
  await expect(run(3_600_000)).rejects.toThrow('stopped from outside');
  expect(world.stopped).toEqual([expect.stringContaining('The deploy was stopped')]);
  expect(left()).toEqual([]);
});
