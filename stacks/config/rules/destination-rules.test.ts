import { commandRecipe } from '../../../application-code/command/command-recipe';
import { faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

const P = 'environments.dev.pipelines.photos';
const shards = (settings: object = {}) => ({ destination: { kind: 'shards', ...settings } });

jest.mock('../../../application-code/workloads', () =>
  jest.requireActual('../../../test/fakes/stacks/further-workloads').withWorkloads({
    pages: commandRecipe({ argv: ['./pages.sh'], outputs: 'any' }),
    words: commandRecipe({ argv: ['./words.sh'], outputs: ['{name}.json'] }),
    cases: commandRecipe({ argv: ['./a.sh'], outputs: ['{name}.a.txt', '{name}.A.txt'] }),
  }),
);

describe('a destination of shards', () => {
  test.each([
    [
      'keeps fewer messages in flight than SQS can, by fewer tasks or smaller parts',
      { maxTasks: 60, ...shards() },
      `${P}.maxTasks must be at most 49 with 1000 samples a part and 20 jobs at a time, so that ` +
        '2 × 49 × (1000 + 20) messages in flight are at most 100000, but 60 was given; lower it, ' +
        'or destination.samples to 813',
      { maxTasks: 60, ...shards({ samples: 813 }) },
    ],
    [
      'keeps fewer messages in flight than SQS can, by fewer tasks alone',
      { maxTasks: 5_000, ...shards({ samples: 1 }) },
      `${P}.maxTasks must be at most 2380 with 1 samples a part and 20 jobs at a time, so that ` +
        '2 × 2380 × (1 + 20) messages in flight are at most 100000, but 5000 was given; lower it',
      { maxTasks: 2_380, ...shards({ samples: 1 }) },
    ],
    [
      'keeps no sample longer than SQS can hide its message',
      { jobTimeoutSeconds: 43_000, ...shards() },
      `${P}.destination.seconds, jobTimeoutSeconds and visibilityTimeoutSeconds must together be ` +
        'at most 43200 seconds, for which SQS hides a message at most, but 300, 43000 and 120 ' +
        'were given',
      { jobTimeoutSeconds: 43_000, ...shards({ seconds: 80 }) },
    ],
    [
      'knows the files of a sample beforehand',
      { workload: 'pages', image: 'example.com/pages:1', ...shards() },
      `${P}.destination must be of kind objects with pages, whose outputs are known only when ` +
        'they are made (`any`), while each sample of a shard has the same files; declare its ' +
        'outputs by name, or leave destination out',
      { workload: 'words', image: 'example.com/words:1', ...shards() },
    ],
    [
      'has files in a sample that readers can tell apart',
      { workload: 'cases', image: 'example.com/cases:1', ...shards() },
      `${P}.destination must be of kind objects with cases, whose outputs name.a.txt and ` +
        'name.A.txt differ in case alone, while readers of WebDataset take both for one file of ' +
        'a sample; rename one of them, or leave destination out',
      { workload: 'cases', image: 'example.com/cases:1' },
    ],
    [
      'has tasks of many samples',
      { launch: 'per-object', ...shards() },
      `${P}.launch must be scaler with a destination of kind shards, since a task of one object ` +
        'has no second sample for its part, but per-object was given',
      { launch: 'scaler', ...shards() },
    ],
  ])('%s', (_what, broken, sentence, right) => {
    expect(faultsOf(photos(broken))).toEqual([sentence]);
    expect(faultsOf(photos(right))).toEqual([]);
  });

  test('alone bounds the tasks: objects keep few messages in flight', () => {
    expect(faultsOf(photos({ maxTasks: 5_000 }))).toEqual([]);
  });
});
