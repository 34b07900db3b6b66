import { fakePipeline, PATH } from '../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

describe('spillway set', () => {
  test('sets a knob, says what it was and how to go back', async () => {
    const { account, values } = fakePipeline();
    const { text } = await runCommand('set max-tasks 50', { account });
    expect(values.get(`${PATH}max-tasks`)).toBe('50');
    expect(text).toBe(
      'max-tasks of photos in dev is 50 instead of the configured 10.\nIt was 10. To undo: ' +
        'npx spillway set max-tasks configured -e dev -p photos',
    );
  });

  test('lets the configuration hold again', async () => {
    const { account, values } = fakePipeline();
    values.set(`${PATH}max-tasks`, '50');
    const { text } = await runCommand('set max-tasks configured --json', { account });
    expect(JSON.parse(text)).toMatchObject({ before: '50', after: '10', isOverridden: false });
    expect(values.get(`${PATH}max-tasks`)).toBe('configured');
  });

  test.each([
    ['max-task 5', '"max-task" is no knob; there are: enabled, max-tasks, '],
    ['max-task 5', 'Did you mean max-tasks?'],
    [
      'max-tasks 5001',
      'max-tasks must be `configured` or a whole number from 0 to 5000 tasks, but "5001" was ' +
        'given.',
    ],
    ['max-tasks ten', 'but "ten" was given'],
    ['enabled yes', 'enabled must be `configured` or `true` or `false`'],
    ['max-tasks', "missing required argument 'VALUE'"],
  ])('fails on %j, and writes nothing', async (words, sentence) => {
    const { account, values } = fakePipeline();
    const before = new Map(values);
    const { error } = await tryCommand(`set ${words}`, { account });
    expect(String(error)).toContain(sentence);
    expect(values).toEqual(before);
  });

  test.each([
    ['on-demand-weight 0', 'spot-weight', '0'],
    ['spot-weight 0', 'on-demand-weight', '0'],
  ])('fails on `%s` when %s is 0, since the scaler would hold', async (words, other, value) => {
    const { account, values } = fakePipeline();
    values.set(`${PATH}${other}`, value);
    const { error } = await tryCommand(`set ${words}`, { account });
    expect(String(error)).toContain('must not both be 0');
  });

  test('refuses more tasks than may collect samples for shards, and writes nothing', async () => {
    const { account, values, pipeline } = fakePipeline();
    pipeline.variables = { ...pipeline.variables, SHARD_SAMPLES: '1000', JOBS_AT_A_TIME: '20' };
    const before = new Map(values);
    const { error } = await tryCommand('set max-tasks 50', { account });
    expect(String(error)).toContain('max-tasks must be at most 49 with 1000 samples a part');
    expect(values).toEqual(before);
    await runCommand('set max-tasks 49', { account });
    expect(values.get(`${PATH}max-tasks`)).toBe('49');
  });

  const drained = () => {
    const fake = fakePipeline();
    fake.pipeline.variables = {
      ...fake.pipeline.variables,
      SCALING_POLICY: 'drain-within',
      DRAIN_WITHIN_MINUTES: '15',
    };
    return fake;
  };

  test('sets the knob of the scaling policy of the pipeline', async () => {
    const { account, values } = drained();
    const { text } = await runCommand('set drain-within-minutes 30', { account });
    expect(values.get(`${PATH}drain-within-minutes`)).toBe('30');
    expect(text).toContain('is 30 instead of the configured 15.');
  });

  test.each([
    ['steps 1:1,500:10', 'steps counts with the scaling policy steps alone'],
    ['jobs-per-task 10', 'jobs-per-task counts with the scaling policy jobs-per-task alone'],
    ['steps 1:1', 'this pipeline has drain-within: set drain-within-minutes, or change `scaling`'],
    ['steps 1:1,500:1', 'steps must be `configured` or 1 to 20 steps such as `1:1,500:10`'],
    ['drain-within-minutes 0', 'a whole number from 1 to 10080 minutes, but "0" was given'],
  ])('fails on %j under the policy drain-within, and writes nothing', async (words, sentence) => {
    const { account, values } = drained();
    const before = new Map(values);
    const { error } = await tryCommand(`set ${words}`, { account });
    expect(String(error)).toContain(sentence);
    expect(values).toEqual(before);
  });

  test('lets a knob of another policy be as configured again', async () => {
    const { account, values } = drained();
    values.set(`${PATH}jobs-per-task`, '7');
    expect((await runCommand('status', { account })).text).toMatch(
      /jobs-per-task +- +not in force: counts with jobs-per-task/,
    );
    await runCommand('set jobs-per-task configured', { account });
    expect(values.get(`${PATH}jobs-per-task`)).toBe('configured');
  });
});
