import { DEFAULT_RECIPE } from '../../application-code/images/recipe';
import { STOPPED } from '../../test/fakes/deployer/fake-account';
import { ended, exited, freshCanary } from '../../test/fakes/deployer/fake-canary';
import { fakeWorker, letter } from '../../test/fakes/deployer/fake-worker';
import type { CanaryTask } from '../ports';

const canary = freshCanary();

describe('a canary fails', () => {
  const pull = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)';
  const LOG = 'Its last lines:\n  {"event":"started"}\n  Error: no such module';
  test.each<[string, CanaryTask, string]>([
    [
      'when its image cannot be pulled',
      ended({
        stopCode: 'TaskFailedToStart',
        stoppedReason: pull,
        containers: [{ name: 'worker' }],
      }),
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
    [
      'when a variable is wrong',
      exited(2),
      'code 2 (an environment variable that is missing or wrong)',
    ],
    [
      'when it fails after its first job',
      exited(3),
      'code 3 (an unexpected error after a job was finished)',
    ],
    ['when memory runs out', exited(137, 'OutOfMemoryError'), 'lack of memory; OutOfMemoryError)'],
    ['with an unknown code', exited(42), 'the worker ended with code 42. '],
    [
      'when it is stopped from outside',
      ended({
        stopCode: 'UserInitiated',
        stoppedReason: 'by hand',
        containers: [{ name: 'worker' }],
      }),
      'the task was stopped from outside: by hand',
    ],
  ])('%s, with its last lines', async (_what, end, reason) => {
    canary.account.task = fakeWorker(canary.account, DEFAULT_RECIPE, end);
    const result = await canary.run();
    expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(result).toMatchObject({ reason: expect.stringContaining(LOG) });
    expect(canary.left()).toEqual([]);
  });

  test('when it does not end in time, and is stopped', async () => {
    canary.account.task = async () => ({ isStopped: false, containers: [] });
    expect(await canary.run(30)).toMatchObject({
      kind: 'refused',
      reason:
        'the worker did not end within 30 seconds, was stopped; where its samples take longer, ' +
        `take smaller ones or raise delivery.canaryTimeoutMinutes. ${LOG}`,
    });
    expect(canary.account.stopped).toEqual([
      'arn:aws:ecs:eu-central-1:123456789012:task/c/0: The canary did not end within 30 seconds',
    ]);
    expect(canary.left()).toEqual([]);
  });

  test('when renditions are of the wrong size, naming which', async () => {
    canary.account.task = fakeWorker(canary.account, [
      { name: '224x224', width: 100, height: 100, fit: 'inside' },
    ]);
    expect(await canary.run()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(
        /^rendition 224x224 of turned photo .* must be 224 × 168 pixels, but 100 × 75 were found; /,
      ),
    });
  });

  test('when it ends well and writes nothing, naming the first few', async () => {
    const recipe = JSON.stringify([1, 2, 3].map((n) => ({ name: `r${n}`, width: n * 40 })));
    await canary.start({ RECIPE: recipe });
    canary.account.task = async () => STOPPED;
    expect(await canary.run()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/is missing .*; and 7 more$/),
    });
  });

  test('when a sample becomes a dead letter, with the fault', async () => {
    canary.account.task = async () => {
      letter(
        canary.account,
        canary.account.queue[0] ?? '',
        'Undecodable',
        'libvips: no JPEG support',
      );
      return STOPPED;
    };
    expect(await canary.run()).toMatchObject({
      reason: 'turned photo 1+2 é.jpg became a dead letter (Undecodable: libvips: no JPEG support)',
    });
    expect(canary.account.deadLetters).toEqual([]);
  });

  test('when the queue itself moves a sample to the dead letters', async () => {
    canary.account.task = async () => {
      letter(canary.account, canary.account.queue[1] ?? '');
      return STOPPED;
    };
    expect(await canary.run()).toMatchObject({
      reason: 'transparent.png became a dead letter (Unattributed)',
    });
  });

  test('when ECS refuses every launch, which is no fault of the image', async () => {
    canary.account.task = async () => ({
      kind: 'refused',
      because: 'AccessDeniedException: no',
      isLasting: true,
    });
    expect(await canary.run()).toMatchObject({
      kind: 'refused',
      reason:
        "the canary's task could not be launched, which is no fault of the image: " +
        'AccessDeniedException: no',
    });
    expect(canary.account.launches).toHaveLength(1);
    expect(canary.left()).toEqual([]);
  });

  test('when ECS has no room after five tries', async () => {
    canary.account.task = async () => ({
      kind: 'refused',
      because: 'RESOURCE:CPU',
      isLasting: false,
    });
    expect(await canary.run()).toMatchObject({
      reason: expect.stringContaining('no fault of the image: RESOURCE:CPU'),
    });
    expect(canary.account.launches).toHaveLength(5);
  });

  test('when other canaries take its samples every time', async () => {
    canary.account.task = (launch) =>
      fakeWorker(canary.account)({
        ...launch,
        variables: { SOURCE_PREFIX: 'canary/photos/other/in/' },
      });
    expect(await canary.run()).toMatchObject({
      reason: expect.stringMatching(
        /says nothing about the image .* turned photo .* \(UnexpectedSource: Expected an obj/,
      ),
    });
    expect(canary.account.launches).toHaveLength(4);
  });

  test('when the settings leave no sample', async () => {
    await canary.start({ MAX_SOURCE_BYTES: '10' });
    await expect(canary.run()).rejects.toThrow(
      /leave no sample for a canary: turned photo .*: the source .* \d+ bytes, the limit is 10;/,
    );
  });
});
