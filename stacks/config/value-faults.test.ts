import { dev, faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';

const PHOTOS = 'environments.dev.pipelines.photos';

jest.mock('../../application-code/workloads', () =>
  jest.requireActual('../../test/fakes/stacks/further-workloads').withWorkloads({
    checksum: jest.requireActual('../../examples/checksum/recipe').recipe,
    broken: new Error('outputs[0] is wrong\njobCpus is wrong'),
    unclosed: new Error('Transform failed with 1 error:\n/x.ts:1:2: ERROR: Unexpected "}"\n'),
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
  const recipeOf = (name: string) =>
    `${PHOTOS}.workload must be a workload that can be read, but ` +
    `application-code/${name}/recipe.ts`;

  test('says every fault of its definition, and nothing else is judged', () => {
    expect(faultsOf(photos({ workload: 'broken', recipe: 7, jobs: 1 }))).toEqual([
      `${recipeOf('broken')} says: outputs[0] is wrong; jobCpus is wrong`,
    ]);
  });

  test('says where its syntax is wrong', () => {
    expect(faultsOf(photos({ workload: 'unclosed' }))).toEqual([
      `${recipeOf('unclosed')} says: /x.ts:1:2: ERROR: Unexpected "}"`,
    ]);
  });

  test('leaves pipelines of other workloads alone', () => {
    expect(faultsOf(photos({ workload: 'images' }))).toEqual([]);
    expect(faultsOf(photos({ maxSourcePixel: 1 }))).toHaveLength(1);
  });
});
