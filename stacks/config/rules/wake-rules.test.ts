import { faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

const P = 'environments.dev.pipelines.photos';

describe('what uploads start', () => {
  test.each([
    [
      'nothing with the schedule alone',
      { wakeTasks: 2 },
      `${P}.wakeTasks must be left out with wake schedule, for which uploads start no tasks, ` +
        'but 2 was given; set wake to event, or leave it out',
      { wakeTasks: 2, wake: 'event' },
    ],
    [
      'no more tasks than the pipeline may have',
      { wake: 'event', wakeTasks: 3, maxTasks: 2 },
      `${P}.wakeTasks must be at most maxTasks (2), but 3 was given`,
      { wake: 'event', wakeTasks: 2, maxTasks: 2 },
    ],
    [
      'nothing where a floor keeps the first tasks running',
      { wake: 'event', minTasks: 1 },
      `${P}.wake must be schedule with minTasks, which keeps the first tasks running, but event ` +
        'and 1 were given',
      { minTasks: 1 },
    ],
    [
      'by a pattern that EventBridge takes, for a bucket with any name',
      { wake: 'event', sourcePrefix: `${'p'.repeat(480)}/`, suffixes: ['.a', '.b', '.c', '.d'] },
      expect.stringMatching(
        /\.suffixes must be fewer, or sourcePrefix shorter, .* the source bucket has at most 2048 /,
      ),
      { sourcePrefix: `${'p'.repeat(480)}/`, suffixes: ['.a', '.b', '.c', '.d'] },
    ],
  ])('is %s', (_what, broken, sentence, right) => {
    expect(faultsOf(photos(broken))).toEqual([sentence]);
    expect(faultsOf(photos(right))).toEqual([]);
  });

  test('may be held by a maximum of 0', () => {
    expect(faultsOf(photos({ wake: 'event', maxTasks: 0 }))).toEqual([]);
  });

  test('fails for a number of tasks that one call to ECS does not take', () => {
    expect(faultsOf(photos({ wake: 'event', wakeTasks: 11 }))).toEqual([
      `${P}.wakeTasks must be a whole number from 1 to 10 tasks, but 11 was given`,
    ]);
  });
});
