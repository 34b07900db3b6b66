import { recipe as checksum } from '../../examples/checksum/recipe';
import { dev, faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';

const PHOTOS = 'environments.dev.pipelines.photos';

/** A second workload, as if its folder lay beside that of images. */
jest.mock('../../application-code/workloads', () => {
  const real = jest.requireActual('../../application-code/workloads');
  return {
    ...real,
    workloadNames: () => [...real.workloadNames(), 'checksum'],
    recipeOf: (name: string) => (name === 'checksum' ? checksum : real.recipeOf(name)),
  };
});

describe('a setting of another workload', () => {
  test('says whose it is', () => {
    const settings = { workload: 'checksum', maxSourcePixels: 7, failOn: 'error' };
    expect(faultsOf(photos(settings))).toEqual([
      `\`maxSourcePixels\` is not a setting of ${PHOTOS}; \`maxSourcePixels\` belongs to the ` +
        'workload images',
      `\`failOn\` is not a setting of ${PHOTOS}; \`failOn\` belongs to the workload images`,
    ]);
  });

  test('is told by its own pipeline where it stands a level too high', () => {
    expect(faultsOf(dev({ maxSourcePixels: 7 }))).toEqual([
      '`maxSourcePixels` is not a setting of environments.dev; `maxSourcePixels` belongs to ' +
        'environments.dev.pipelines.photos',
    ]);
  });

  test('is right in a pipeline of its own workload', () => {
    expect(faultsOf(photos({ maxSourcePixels: 7 }))).toEqual([]);
  });
});
