import { faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';

type Settings = Readonly<Record<string, unknown>>;

const PHOTOS = 'environments.dev.pipelines.photos';
const SCALING = `${PHOTOS}.scaling`;
const steps = (...pairs: readonly (readonly [from: number, tasks: number])[]) => ({
  policy: 'steps',
  steps: pairs.map(([from, tasks]) => ({ from, tasks })),
});

describe('scaling fails when', () => {
  test.each<[string, Settings, string]>([
    [
      'its policy does not exist',
      { scaling: { policy: 'fast' } },
      `${SCALING}.policy must be one of jobs-per-task, steps, drain-within, but "fast" was given`,
    ],
    [
      'it names no policy',
      { scaling: { minutes: 5 } },
      `${SCALING}.policy must be one of jobs-per-task, steps, drain-within, but nothing was given`,
    ],
    [
      'it is a word',
      { scaling: 'steps' },
      `${SCALING} must be an object of settings, but "steps" was given`,
    ],
    [
      'a setting belongs to another policy',
      { scaling: { ...steps([1, 1]), minutes: 5 } },
      `\`minutes\` is not a setting of ${SCALING}; \`minutes\` belongs to the policy drain-within`,
    ],
    [
      'a setting of no policy is nearly one',
      { scaling: { policy: 'drain-within', minutes: 5, jobSecond: 2 } },
      `\`jobSecond\` is not a setting of ${SCALING}; did you mean \`jobSeconds\`?`,
    ],
    [
      'what its policy needs is missing',
      { scaling: { policy: 'drain-within' } },
      `${SCALING}.minutes must be a whole number from 1 to 10080 minutes, but nothing was given`,
    ],
    [
      'a job takes no time',
      { scaling: { policy: 'drain-within', minutes: 5, jobSeconds: 0 } },
      `${SCALING}.jobSeconds must be a number from 0.001 to 43200 seconds, with at most 3 ` +
        'decimals, but 0 was given',
    ],
    [
      'it has no steps',
      { scaling: steps() },
      `${SCALING}.steps must be a list of 1 to 20 steps, but 0 were given`,
    ],
    [
      'the first step is not from 1 job',
      { scaling: steps([10, 1]) },
      `${SCALING}.steps must begin with a step from 1 job, since fewer jobs than the first step ` +
        'would wait until the queue drops them, but the first is from 10',
    ],
    [
      'a step starts below 1',
      { scaling: steps([0, 1]) },
      `${SCALING}.steps[0].from must be a whole number from 1 to 1000000000 jobs, but 0 was given`,
    ],
    [
      'steps repeat',
      { scaling: steps([1, 1], [1, 2]) },
      `${SCALING}.steps must rise in \`from\` and in \`tasks\`, but 1 task from 1 job on is ` +
        'followed by 2 tasks from 1 job on',
    ],
    [
      'steps fall',
      { scaling: steps([1, 5], [500, 2]) },
      `${SCALING}.steps must rise in \`from\` and in \`tasks\`, but 5 tasks from 1 job on is ` +
        'followed by 2 tasks from 500 jobs on',
    ],
    [
      'two numbers of jobs per task are given',
      { jobsPerTask: 100, scaling: { policy: 'jobs-per-task', jobsPerTask: 50 } },
      `${PHOTOS}.jobsPerTask must be left out, or be the 50 of \`scaling\`, but 100 was given`,
    ],
    [
      'jobs per task are given beside another policy',
      { jobsPerTask: 100, scaling: steps([1, 1]) },
      `${PHOTOS}.jobsPerTask must be left out with the policy steps of \`scaling\`, which does ` +
        'not decide by it, but 100 was given',
    ],
  ])('%s', (_what, settings, sentence) => {
    expect(faultsOf(photos(settings))).toEqual([sentence]);
  });
});

test.each<[string, Settings]>([
  [
    'the same number twice',
    { jobsPerTask: 50, scaling: { policy: 'jobs-per-task', jobsPerTask: 50 } },
  ],
  ['a number at the top alone', { jobsPerTask: 50, scaling: { policy: 'jobs-per-task' } }],
  ['a number in it alone', { scaling: { policy: 'jobs-per-task', jobsPerTask: 50 } }],
  ['steps', { scaling: steps([1, 1], [500, 10]) }],
  ['a time', { scaling: { policy: 'drain-within', minutes: 15, jobSeconds: 0.11 } }],
])('scaling takes %s', (_what, settings) => {
  expect(faultsOf(photos(settings))).toEqual([]);
});
