import { commandRecipe } from '../../../application-code/command/command-recipe';
import { faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

const P = 'environments.dev.pipelines.photos';
const shards = (settings: object = {}) => ({ destination: { kind: 'shards', ...settings } });

jest.mock('../../../application-code/workloads', () =>
  jest.requireActual('../../../test/fakes/stacks/further-workloads').withWorkloads({
    pages: commandRecipe({ argv: ['./pages.sh'], outputs: 'any' }),
    words: commandRecipe({ argv: ['./words.sh'], outputs: ['{name}.json'] }),
  }),
);

describe('a destination of shards', () => {
  test.each([
    [
      'keeps fewer messages in flight than SQS can, by fewer tasks or smaller parts',
      { maxTasks: 60, ...shards() },
      `${P}.maxTasks must keep 2 × maxTasks × (destination.samples + jobs at a time) at most ` +
        '100000, below what SQS keeps in flight, but 2 × 60 × (1000 + 20) is 122400; ' +
        'lower maxTasks to 49, or destination.samples to 813',
      { maxTasks: 60, ...shards({ samples: 813 }) },
    ],
    [
      'keeps fewer messages in flight than SQS can, by fewer tasks alone',
      { maxTasks: 5_000, ...shards({ samples: 1 }) },
      `${P}.maxTasks must keep 2 × maxTasks × (destination.samples + jobs at a time) at most ` +
        '100000, below what SQS keeps in flight, but 2 × 5000 × (1 + 20) is 210000; ' +
        'lower maxTasks to 2380',
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
