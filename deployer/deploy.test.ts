import { digestOf } from '../test/fakes/account';
import { FakeAccount, namesOf, uriOf } from '../test/fakes/deployer/fake-account';
import type { CanaryResult } from './canary/canary';
import { type Canary, type DeployRequest, deploy } from './deploy';

const PASSED: CanaryResult = { kind: 'passed', samples: 4, outputs: 4, seconds: 41 };
const passes: Canary = async () => PASSED;
const neverRuns: Canary = async () => {
  throw new Error('no canary was expected');
};
const refuses =
  (pipeline: string): Canary =>
  async (target) =>
    target.pipeline === pipeline ? { kind: 'refused', reason: 'it is black' } : PASSED;

const photos = namesOf('photos');
const request = (fields: Partial<DeployRequest> = {}): DeployRequest => ({
  deliveryPaths: [photos.deliveryPath],
  digests: {},
  keptRevisions: 2,
  ...fields,
});
const build = (digit: number, commit = `c0ffee${digit}`) =>
  request({ digests: { arm64: { images: digestOf(digit) } }, commit });

let account: FakeAccount;
const run = (wanted = request(), canary = passes) => deploy(account.ports(), wanted, canary);
const image = (pipeline = 'photos') =>
  account.promoted(pipeline)?.definition.containerDefinitions[0]?.image;

beforeEach(() => {
  account = new FakeAccount();
  account.addPipeline('photos');
  for (const digit of [1, 2, 3]) account.digests.add(digestOf(digit));
});

describe('a build', () => {
  test('is promoted when its canary passes, and says what it did', async () => {
    expect(await run(build(1))).toBe(true);
    expect(account.promoted('photos')).toMatchObject({
      name: 'spillway-dev-photos-worker:1',
      definition: { cpu: '1024', containerDefinitions: [{ name: 'worker', image: uriOf(1) }] },
      tags: {
        team: 'pictures',
        'spillway:template': expect.stringMatching(/worker-template:1$/),
        'spillway:image-digest': digestOf(1),
        'spillway:commit': 'c0ffee1',
      },
    });
    expect(account.said).toEqual([
      'photos: template spillway-dev-photos-worker-template:1, image sha256:111111111111…',
      'photos: canary passed in 41 s: 4 samples, 4 outputs',
      'photos: promoted spillway-dev-photos-worker:1',
    ]);
    expect(account.outcome('photos')).toEqual({
      result: 'promoted',
      at: '2026-01-01T00:00:00.000Z',
      revision: 'spillway-dev-photos-worker:1',
    });
    expect(account.imageTags).toEqual([`${digestOf(1)} promoted.photos.1`]);
  });

  test('has nothing to do when it is promoted already', async () => {
    await run(build(1));
    expect(await run(build(1), neverRuns)).toBe(true);
    expect(account.said.at(-1)).toBe(
      'photos: nothing to do, spillway-dev-photos-worker:1 is promoted and differs in nothing',
    );
    expect(account.active(photos.taskFamily)).toHaveLength(1);
    expect(account.outcome('photos')).toMatchObject({
      result: 'unchanged',
      revision: 'spillway-dev-photos-worker:1',
    });
  });

  test('that is promoted already takes the place of a refusal that came between', async () => {
    await run(build(1));
    await run(build(2), refuses('photos'));
    expect(await run(build(1), neverRuns)).toBe(true);
    expect(account.outcome('photos')).toMatchObject({
      result: 'unchanged',
      revision: 'spillway-dev-photos-worker:1',
    });
  });

  test('that a canary refuses is deregistered, and the fleet stays where it was', async () => {
    await run(build(1));
    expect(await run(build(2), refuses('photos'))).toBe(false);
    expect(image()).toBe(uriOf(1));
    expect(account.active(photos.taskFamily)).toEqual(['spillway-dev-photos-worker:1']);
    expect(account.outcome('photos')).toMatchObject({
      result: 'refused',
      revision: 'spillway-dev-photos-worker:2',
      reason: 'it is black',
    });
    expect(account.said.at(-1)).toBe('photos: refused spillway-dev-photos-worker:2: it is black');
  });

  test('is promoted nowhere unless every pipeline of its workload passes', async () => {
    account.addPipeline('scans');
    const deliveryPaths = [photos.deliveryPath, namesOf('scans').deliveryPath];
    expect(await run({ ...build(1), deliveryPaths }, refuses('scans'))).toBe(false);
    expect([image('photos'), image('scans')]).toEqual([undefined, undefined]);
    expect(account.active(photos.taskFamily)).toEqual([]);
    expect(account.outcome('photos')?.reason).toContain('another pipeline was refused');
    expect(account.outcome('scans')?.reason).toBe('it is black');
    expect(await run({ ...build(1), deliveryPaths })).toBe(true);
    expect([image('photos'), image('scans')]).toEqual([uriOf(1), uriOf(1)]);
  });

  test('of one workload is neither refused nor promoted with that of another', async () => {
    account.addPipeline('scenes', { WORKLOAD: 'povray' });
    const deliveryPaths = [photos.deliveryPath, namesOf('scenes').deliveryPath];
    const digests = { arm64: { images: digestOf(1), povray: digestOf(2) } };
    expect(await run({ ...build(1), digests, deliveryPaths }, refuses('scenes'))).toBe(false);
    expect([image('photos'), image('scenes')]).toEqual([uriOf(1), undefined]);
    expect(account.outcome('scenes')?.reason).toBe('it is black');
    expect(await run({ ...build(1), digests, deliveryPaths })).toBe(true);
    expect([image('photos'), image('scenes')]).toEqual([uriOf(1), uriOf(2, 'povray')]);
  });

  test('keeps that number of revisions, and the promoted one however old it is', async () => {
    for (const digit of [1, 2, 3, 1, 2]) await run(build(digit));
    expect(account.active(photos.taskFamily)).toEqual(
      [3, 4, 5].map((n) => `${photos.taskFamily}:${n}`),
    );
    expect(account.said).toContain('photos: old revisions deregistered: 1');
    account.parameters
      .get(`${photos.parameterPath}task-definition`)
      ?.push(`${photos.taskFamily}:3`);
    expect(await run(build(3))).toBe(true);
    expect(account.active(photos.taskFamily)).toEqual(
      [3, 4, 5].map((n) => `${photos.taskFamily}:${n}`),
    );
  });
});

describe('a redeploy', () => {
  test('says that there is no image yet, and ends well', async () => {
    expect(await run()).toBe(true);
    expect(account.said).toEqual([
      'photos: no image of the workload images yet; the first one comes with its first build',
    ]);
    expect(account.outcome('photos')).toBeUndefined();
  });

  test('of a pipeline whose workload changed waits for an image of the new one', async () => {
    await run(build(1));
    account.changeTemplate('photos', { WORKLOAD: 'povray' });
    expect(await run(request(), neverRuns)).toBe(true);
    expect(account.said.at(-1)).toMatch(/^photos: no image of the workload povray yet; /);
    expect(image()).toBe(uriOf(1));
  });

  test('brings a changed template to the fleet with the current image and its commit', async () => {
    await run(build(1));
    account.changeTemplate('photos', { LOG_LEVEL: 'debug' });
    expect(await run()).toBe(true);
    expect(image()).toBe(uriOf(1));
    expect(account.promoted('photos')).toMatchObject({
      definition: {
        containerDefinitions: [{ environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }],
      },
      tags: { 'spillway:template': expect.stringMatching(/:2$/), 'spillway:commit': 'c0ffee1' },
    });
  });

  test('of a template with another number alone runs no canary and promotes nothing', async () => {
    account.changeTemplate('photos', { LOG_LEVEL: 'info', REGION: 'here' });
    await run(build(1));
    account.changeTemplate('photos', { REGION: 'here', LOG_LEVEL: 'info' });
    expect(await run(request(), neverRuns)).toBe(true);
    expect(account.promoted('photos')?.name).toBe('spillway-dev-photos-worker:1');
    expect(account.active(photos.taskFamily)).toHaveLength(1);
    expect(account.outcome('photos')).toMatchObject({ result: 'unchanged' });
  });

  test('registers the promoted revision again when it is deregistered', async () => {
    await run(build(1));
    await account.ports().taskDefinitions.deregister('spillway-dev-photos-worker:1');
    expect(await run()).toBe(true);
    expect(account.promoted('photos')).toMatchObject({
      name: 'spillway-dev-photos-worker:2',
      isActive: true,
    });
  });

  test('of several pipelines promotes each that passes, also when others fail', async () => {
    account.addPipeline('scans');
    const deliveryPaths = [photos.deliveryPath, namesOf('scans').deliveryPath];
    await run({ ...build(1), deliveryPaths });
    for (const pipeline of ['photos', 'scans'])
      account.changeTemplate(pipeline, { LOG_LEVEL: 'debug' });
    expect(await run(request({ deliveryPaths }), refuses('scans'))).toBe(false);
    expect(account.promoted('photos')?.name).toBe('spillway-dev-photos-worker:2');
    expect(account.promoted('scans')?.name).toBe('spillway-dev-scans-worker:1');
    expect(account.outcome('scans')).toMatchObject({ result: 'refused', reason: 'it is black' });
  });

  test('takes an image of another repository as it is, when one is promoted', async () => {
    const worker = { name: 'worker', image: 'elsewhere/worker:7', environment: [] };
    const { name } = account.register(photos.taskFamily, [worker], {});
    account.parameters.get(`${photos.parameterPath}task-definition`)?.push(name);
    expect(await run()).toBe(true);
    expect(image()).toBe('elsewhere/worker:7');
    expect(account.imageTags).toEqual([]);
  });
});
