import { digestOf } from '../test/fakes/account';
import { FakeAccount, namesOf } from '../test/fakes/deployer/fake-account';
import { type Canary, deploy } from './deploy';

const PASSED = { kind: 'passed', samples: 4, outputs: 4, seconds: 41 } as const;
const photos = namesOf('photos');

let account: FakeAccount;
/** A build of one image for one pipeline. */
const run = (canary: Canary = async () => PASSED) => {
  const request = { deliveryPaths: [photos.deliveryPath], keptRevisions: 2 };
  return deploy(
    account.ports(),
    { ...request, digests: { arm64: { images: digestOf(1) } } },
    canary,
  );
};

beforeEach(() => {
  account = new FakeAccount();
  account.addPipeline('photos');
  account.digests.add(digestOf(1));
});

describe('the deploy fails', () => {
  const taskDefinition = `${photos.parameterPath}task-definition`;
  test.each<[string, () => unknown, string]>([
    [
      'the image is not in the repository',
      () => account.digests.clear(),
      `The image ${digestOf(1)} is not in the ECR repository spillway-dev-worker`,
    ],
    [
      'the promoted revision does not exist',
      () => account.parameters.get(taskDefinition)?.push('unknown:9'),
      `The parameter ${taskDefinition} names unknown:9, which ECS does not know`,
    ],
    ['the template does not exist', () => account.revisions.clear(), 'The template arn:aws:ecs:'],
    [
      'the target is no JSON',
      () => account.parameters.get(`${photos.deliveryPath}target`)?.push('{'),
      `The parameter ${photos.deliveryPath}target does not describe a pipeline: it is no JSON`,
    ],
    ['ECS does not register', () => account.broken.set('register', new Error('denied')), 'denied'],
    [
      'the promotion cannot be written',
      () => account.broken.set(`write ${taskDefinition}`, new Error('throttled')),
      'the canary passed, but the promotion failed: throttled',
    ],
    [
      'the deploy is stopped',
      () => account.stop.abort(new Error('stopped from outside')),
      'stopped from outside',
    ],
  ])('when %s, and its outcome says so', async (_what, arrange, reason) => {
    arrange();
    expect(await run()).toBe(false);
    expect(account.outcome('photos')).toMatchObject({
      result: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect(account.said.join('\n')).toContain(reason);
  });

  test('when the account changes in every round', async () => {
    const changes: Canary = async () => {
      account.changeTemplate('photos');
      return PASSED;
    };
    expect(await run(changes)).toBe(false);
    expect(account.outcome('photos')?.reason).toContain('changed 10 times');
    expect(account.active(photos.taskFamily)).toEqual([]);
  });
});

test('what fails after the canary is a warning and hides nothing', async () => {
  account.broken.set('list', new Error('slow down'));
  account.broken.set(`write ${photos.deliveryPath}outcome`, new Error('denied'));
  expect(await run()).toBe(true);
  expect(account.said.filter((line) => line.startsWith('warning: '))).toEqual([
    `warning: writing ${photos.deliveryPath}outcome failed: denied`,
    'warning: photos: deregistering old revisions failed: slow down',
  ]);
});

test('a reason is cut and holds no braces that Parameter Store takes for a reference', async () => {
  const reason = `{{x}} ${'long '.repeat(300)}`;
  await run(async () => ({ kind: 'refused', reason }));
  const told = account.outcome('photos')?.reason ?? '';
  expect(told).toHaveLength(1_000);
  expect(told).toMatch(/^\{ \{x\} \} long .*…$/);
});
