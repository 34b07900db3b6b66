import { digestOf } from '../test/fakes/account';
import { FakeAccount, namesOf } from '../test/fakes/deployer/fake-account';
import { type Canary, deploy } from './deploy';

const PASSED = { kind: 'passed', samples: 4, outputs: 4, seconds: 41 } as const;
const photos = namesOf('photos');

let world: FakeAccount;
/** A build of one image for one pipeline. */
const run = (canary: Canary = async () => PASSED) => {
  const request = { deliveryPaths: [photos.deliveryPath], keptRevisions: 2 };
  return deploy(world.ports(), { ...request, digests: { arm64: digestOf(1) } }, canary);
};

beforeEach(() => {
  world = new FakeAccount();
  world.addPipeline('photos');
  world.digests.add(digestOf(1));
});

describe('the deploy fails', () => {
  const taskDefinition = `${photos.parameterPath}task-definition`;
  test.each<[string, () => unknown, string]>([
    [
      'the image is not in the repository',
      () => world.digests.clear(),
      `The image ${digestOf(1)} is not in the ECR repository spillway-dev-worker`,
    ],
    [
      'the promoted revision does not exist',
      () => world.parameters.get(taskDefinition)?.push('unknown:9'),
      `The parameter ${taskDefinition} names unknown:9, which ECS does not know`,
    ],
    ['the template does not exist', () => world.revisions.clear(), 'The template arn:aws:ecs:'],
    [
      'the target is no JSON',
      () => world.parameters.get(`${photos.deliveryPath}target`)?.push('{'),
      `The parameter ${photos.deliveryPath}target does not describe a pipeline: it is no JSON`,
    ],
    ['ECS does not register', () => world.broken.set('register', new Error('denied')), 'denied'],
    [
      'the promotion cannot be written',
      () => world.broken.set(`write ${taskDefinition}`, new Error('throttled')),
      'the canary passed, but the promotion failed: throttled',
    ],
    [
      'the deploy is stopped',
      () => world.stop.abort(new Error('stopped from outside')),
      'stopped from outside',
    ],
  ])('when %s, and its outcome says so', async (_what, arrange, reason) => {
    arrange();
    expect(await run()).toBe(false);
    expect(world.outcome('photos')).toMatchObject({
      result: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect(world.said.join('\n')).toContain(reason);
  });

  test('when the world changes in every round', async () => {
    const changes: Canary = async () => {
      world.changeTemplate('photos');
      return PASSED;
    };
    expect(await run(changes)).toBe(false);
    expect(world.outcome('photos')?.reason).toContain('changed 10 times');
    expect(world.active(photos.taskFamily)).toEqual([]);
  });
});

test('what fails after the canary is a warning and hides nothing', async () => {
  world.broken.set('list', new Error('slow down'));
  world.broken.set(`write ${photos.deliveryPath}outcome`, new Error('denied'));
  expect(await run()).toBe(true);
  expect(world.said.filter((line) => line.startsWith('warning: '))).toEqual([
    `warning: writing ${photos.deliveryPath}outcome failed: denied`,
    'warning: photos: deregistering old revisions failed: slow down',
  ]);
});

test('a reason is cut and holds no braces that Parameter Store takes for a reference', async () => {
  const reason = `{{x}} ${'long '.repeat(300)}`;
  await run(async () => ({ kind: 'refused', reason }));
  const told = world.outcome('photos')?.reason ?? '';
  expect(told).toHaveLength(1_000);
  expect(told).toMatch(/^\{ \{x\} \} long .*…$/);
});
