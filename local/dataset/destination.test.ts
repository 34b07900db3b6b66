import { commandRecipe } from '../../application-code/command/command-recipe';
import { resolveBlueprint } from '../../stacks/config/load-config';
import { parseOptions } from '../options';

jest.mock('../../application-code/workloads', () =>
  jest.requireActual('../../test/fakes/stacks/further-workloads').withWorkloads({
    pages: commandRecipe({ argv: ['./pages.sh'], outputs: 'any' }),
  }),
);

const SHARDS = { kind: 'shards', samples: 1_000, mebibytes: 256, seconds: 300, label: 'folder' };
const loadBlueprint = () =>
  resolveBlueprint({
    environments: {
      dev: {
        pipelines: {
          photos: { sourcePrefix: 'photos/', destinationPrefix: 'a/' },
          train: {
            sourcePrefix: 'train/',
            destination: { kind: 'shards', samples: 50, label: { pattern: '^(\\w+)_' } },
          },
        },
      },
    },
  });
const parse = (...argv: readonly string[]) =>
  parseOptions(argv, { loadBlueprint, workingFolder: '/home', samplesOf: () => '/samples' });

describe('the destination of a run', () => {
  test.each([
    ['objects by default', [], { kind: 'objects' }],
    ['shards where the user asks for a dataset', ['--dataset'], SHARDS],
    ['shards for a pipeline with objects, too', ['--dataset', '--pipeline', 'photos'], SHARDS],
    [
      'that of the pipeline',
      ['--pipeline', 'train'],
      { ...SHARDS, samples: 50, label: { pattern: '^(\\w+)_' } },
    ],
    [
      'that of the pipeline, also where the user asks for a dataset',
      ['--dataset', '--pipeline', 'train'],
      { ...SHARDS, samples: 50, label: { pattern: '^(\\w+)_' } },
    ],
  ])('is %s', (_, argv, destination) => {
    expect(parse(...argv)).toMatchObject({ kind: 'run', options: { destination } });
  });

  test.each([
    [
      ['--dataset', '--max-tasks', '50'],
      '--max-tasks must be at most 49 with 1000 samples a part and 4 jobs at a time, so that 2 × ' +
        '49 × (1000 + 4) messages in flight are at most 100000, but 50 was given.',
    ],
    [
      ['--dataset', '--workload', 'pages'],
      '--dataset must be left out with pages, whose outputs are known only when they are made ' +
        '(`any`), while each sample of a dataset has the same files.',
    ],
  ])('fails for %j', (argv, fault) => {
    expect(parse(...argv)).toEqual({ kind: 'faults', faults: [fault] });
  });

  test('is looked at once the recipe is right', () => {
    expect(parse('--dataset', '--recipe', '[]')).toMatchObject({
      faults: [expect.stringContaining('--recipe: ')],
    });
  });
});
