import { faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

jest.mock('../../../application-code/workloads', () => {
  const recipe = { default: {}, parse: JSON.parse, outputs: () => 'manifest', faults: {} };
  const names = [
    'a-name-of-25-characters-x',
    'a-name-of-26-characters-xx',
    'Scans',
    'scans_2',
    'a--b',
    'scans-',
  ];
  const { withWorkloads } = jest.requireActual('../../../test/fakes/stacks/further-workloads');
  const recipes = withWorkloads(Object.fromEntries(names.map((name) => [name, recipe])));
  return { ...recipes, hasDockerfile: () => true };
});

describe('the name of a workload whose images are built', () => {
  test('may be as long as the name of a role lets it be', () => {
    expect(faultsOf(photos({ workload: 'a-name-of-25-characters-x' }))).toEqual([]);
  });

  test.each(['a-name-of-26-characters-xx', 'Scans', 'scans_2', 'a--b', 'scans-'])(
    'is not %s, since AWS would not take it for a repository or a role',
    (workload) => {
      expect(faultsOf(photos({ workload }))).toEqual([
        'environments.dev.pipelines.photos.workload must have a name of 1 to 25 lower-case ' +
          'letters, digits and single hyphens, without a hyphen at either end, since its ' +
          'repository and the role of its build are named after it, but ' +
          `${JSON.stringify(workload)} was given; rename its folder, or give the pipeline an image`,
      ]);
      expect(faultsOf(photos({ workload, image: 'example.com/scans:1' }))).toEqual([]);
    },
  );
});
