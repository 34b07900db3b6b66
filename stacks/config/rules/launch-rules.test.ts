import { faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

const P = 'environments.dev.pipelines.photos';

describe('what launches tasks', () => {
  test.each([
    [
      'keeps no more tasks warm than the pipeline may have',
      { minTasks: 11 },
      `${P}.minTasks must be at most maxTasks (10), but 11 was given`,
      { minTasks: 10 },
    ],
    [
      'keeps no task warm that ends with its object',
      { launch: 'per-object', minTasks: 1 },
      `${P}.minTasks must be left out with launch per-object, whose tasks end with their object, ` +
        'but 1 was given',
      { launch: 'per-object' },
    ],
    [
      'has one rule for how many',
      { launch: 'per-object', scaling: { policy: 'drain-within', minutes: 5 } },
      `${P}.scaling must be left out with launch per-object, which starts one task for each ` +
        'object up to maxTasks, but the policy drain-within was given',
      { launch: 'per-object', maxTasks: 200 },
    ],
  ])('%s', (_what, broken, sentence, right) => {
    expect(faultsOf(photos(broken))).toEqual([sentence]);
    expect(faultsOf(photos(right))).toEqual([]);
  });
});
