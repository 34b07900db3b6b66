import { outputsOf } from '../application-code/images/outputs';
import { recipeHash } from '../application-code/worker/src/job/recipe-hash';
import { parseRecipeRecord } from '../contract/parameters';
import { digestOf } from '../test/fakes/account';
import { FakeAccount, namesOf } from '../test/fakes/deployer/fake-account';
import type { CanaryResult } from './canary/canary';
import { type DeployRequest, deploy } from './deploy';

const PASSED: CanaryResult = { kind: 'passed', samples: 4, outputs: 4, seconds: 41 };
const photos = namesOf('photos');
const NAME = `${photos.parameterPath}recipe`;
const recipeOf = (...widths: number[]) => widths.map((width) => ({ name: `w${width}`, width }));
const variables = (...widths: number[]) => ({ RECIPE: JSON.stringify(recipeOf(...widths)) });
const hashes = (...widths: number[]) =>
  outputsOf(recipeOf(...widths))
    .map(recipeHash)
    .sort();

let account: FakeAccount;
const run = (request: Partial<DeployRequest> = {}) =>
  deploy(
    account.ports(),
    { deliveryPaths: [photos.deliveryPath], digests: {}, keptRevisions: 2, ...request },
    async () => PASSED,
  );
const build = () => run({ digests: { arm64: { images: digestOf(1) } } });
const recorded = () =>
  account.parameters.get(NAME)?.map((value) => parseRecipeRecord(value)?.renditions ?? value);

beforeEach(() => {
  account = new FakeAccount();
  account.addPipeline('photos', variables(1));
  for (const digit of [1, 2]) account.digests.add(digestOf(digit));
});

describe('the deployer', () => {
  test('records the recipe of the first image', async () => {
    await build();
    expect(recorded()).toEqual(['none', hashes(1)]);
  });

  test('records nothing where the recipe stays, whatever else changes', async () => {
    await build();
    await run({ digests: { arm64: { images: digestOf(2) } } });
    account.changeTemplate('photos', { ...variables(1), LOG_LEVEL: 'debug' });
    await run();
    expect(recorded()).toEqual(['none', hashes(1)]);
  });

  test('records the recipe again when it changes, or the lifetime of tasks does', async () => {
    await build();
    account.changeTemplate('photos', variables(1, 2));
    await run();
    account.changeTemplate('photos', { ...variables(1, 2), MAX_TASK_SECONDS: '60' });
    await run();
    expect(recorded()).toEqual(['none', hashes(1), hashes(1, 2), hashes(1, 2)]);
    expect(parseRecipeRecord(account.value(NAME))?.longestTaskSeconds).toBe(60 + 120);
  });

  test('records what held before the first record, in front of it', async () => {
    await build();
    account.parameters.set(NAME, ['none']);
    account.changeTemplate('photos', variables(2));
    await run();
    expect(recorded()).toEqual(['none', hashes(1), hashes(2)]);
  });

  test('makes up for a record that an earlier run did not come to', async () => {
    await build();
    account.parameters.set(NAME, ['none']);
    await run();
    expect(recorded()).toEqual(['none', hashes(1)]);
  });

  test('records nothing of a candidate that is refused', async () => {
    await build();
    account.changeTemplate('photos', variables(2));
    const request = { deliveryPaths: [photos.deliveryPath], digests: {}, keptRevisions: 2 };
    await deploy(account.ports(), request, async () => ({
      kind: 'refused',
      reason: 'it is black',
    }));
    expect(recorded()).toEqual(['none', hashes(1)]);
  });

  test('promotes although it cannot record, and warns', async () => {
    account.broken.set(`write ${NAME}`, new Error('denied'));
    expect(await build()).toBe(true);
    expect(account.said).toContain('warning: photos: recording the recipe failed: denied');
  });
});
