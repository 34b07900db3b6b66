import { dev, faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';

const PHOTOS = 'environments.dev.pipelines.photos';

jest.mock('../../application-code/workloads', () =>
  jest.requireActual('../../test/fakes/stacks/further-workloads').withWorkloads({
    checksum: jest.requireActual('../../examples/checksum/recipe').recipe,
    broken: new Error('says: jobCpus is wrong'),
  }),
);

describe('a setting of another workload', () => {
  test('says whose it is', () => {
    const own = { workload: 'checksum', image: 'example.com/checksum:1' };
    const settings = { ...own, maxSourcePixels: 7, failOn: 'error' };
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

describe('a workload whose recipe.ts cannot be used', () => {
  test('says why, and nothing else is judged', () => {
    expect(faultsOf(photos({ workload: 'broken', recipe: 7, jobs: 1 }))).toEqual([
      `${PHOTOS}.workload must be a workload that can be read, but ` +
        'application-code/broken/recipe.ts says: jobCpus is wrong',
    ]);
  });

  test('leaves pipelines of other workloads alone', () => {
    expect(faultsOf(photos({ workload: 'images' }))).toEqual([]);
    expect(faultsOf(photos({ maxSourcePixel: 1 }))).toHaveLength(1);
  });
});
