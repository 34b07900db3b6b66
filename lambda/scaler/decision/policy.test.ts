import { examplePolicy, exampleSettings } from '../../../test/fakes/scaler/examples';
import { InvalidParametersError, resolvePolicy } from './policy';

const { taskDefinition: _, ...policy } = examplePolicy();
const settings = exampleSettings();
const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/photos:7';
const resolve = (parameters: Record<string, string>, changes = {}, from = settings) =>
  resolvePolicy({
    ...from,
    parameters: new Map(Object.entries(parameters)),
    configured: { ...settings.configured, ...changes },
  });
const faultsOf = (parameters: Record<string, string>, changes = {}, from = settings) => {
  try {
    resolve(parameters, changes, from);
  } catch (error) {
    if (error instanceof InvalidParametersError) return error.faults;
    throw error;
  }
  return [];
};

describe('resolvePolicy', () => {
  test.each([
    ['a missing parameter leaves what is configured', {}, {}],
    [
      '`configured` leaves what is configured',
      { 'max-tasks': 'configured', enabled: 'configured' },
      {},
    ],
    ['an operator switches off', { enabled: 'false' }, { enabled: false }],
    [
      'an operator allows more',
      { 'max-tasks': '40', 'jobs-per-task': '7' },
      { maxTasks: 40, scaling: { policy: 'jobs-per-task', jobsPerTask: 7 } },
    ],
    ['blanks around a value do not matter', { 'max-tasks': ' 40\n' }, { maxTasks: 40 }],
    [
      'an operator leaves Spot',
      { 'on-demand-base': '0', 'on-demand-weight': '1', 'spot-weight': '0' },
      { onDemandBase: 0, spotWeight: 0 },
    ],
    ['a parameter that is none of the knobs does not matter', { 'image-digest': 'sha256:1' }, {}],
    ['no promoted revision', { 'task-definition': 'none' }, {}],
    ['a promoted revision', { 'task-definition': 'photos:12' }, { taskDefinition: 'photos:12' }],
    ['a promoted revision by its ARN', { 'task-definition': ARN }, { taskDefinition: 'photos:7' }],
  ])('%s', (_reason, parameters, changes) => {
    expect(resolve(parameters as Record<string, string>)).toEqual({ ...policy, ...changes });
  });

  test.each([
    ['max-tasks', 'ten', 'a whole number from 0 to 5000'],
    ['max-tasks', '5001', 'a whole number from 0 to 5000'],
    ['max-tasks', '-1', 'a whole number from 0 to 5000'],
    ['max-tasks', '', 'a whole number from 0 to 5000'],
    ['jobs-per-task', '0', 'a whole number from 1 to 120000'],
    ['jobs-per-task', '1.5', 'a whole number from 1 to 120000'],
    ['jobs-per-task', '1e2', 'a whole number from 1 to 120000'],
    ['spot-weight', '1001', 'a whole number from 0 to 1000'],
    ['enabled', 'yes', '`true` or `false`'],
    ['task-definition', 'other:7', 'a revision of the family photos'],
    ['task-definition', 'photos', 'a revision of the family photos'],
    ['task-definition', 'photos:0', 'a revision of the family photos'],
  ])('fails when %s is `%s`', (name, value, allowed) => {
    const [fault, ...others] = faultsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(fault).toContain(`/spillway/test/photos/${name} must be`);
    expect(fault).toContain(allowed);
    expect(fault).toContain(`\`${value}\` was given`);
    expect(fault).toContain(
      `aws ssm put-parameter --overwrite --name /spillway/test/photos/${name}`,
    );
  });

  test('fails when several are wrong, and names every one', () => {
    expect(faultsOf({ 'max-tasks': 'ten', enabled: '1', 'task-definition': '?' })).toHaveLength(3);
  });

  test.each([
    ['50', ['/spillway/test/photos/max-tasks must be at most 49 with 1000 samples a part']],
    ['49', []],
    ['ten', ['/spillway/test/photos/max-tasks must be `configured` or a whole number']],
  ])('allows only as many tasks as may collect samples: %s', (maxTasks, faults) => {
    const shards = { ...settings, shardSamples: 1_000 };
    expect(faultsOf({ 'max-tasks': maxTasks }, {}, shards)).toEqual(
      faults.map((fault) => expect.stringContaining(fault)),
    );
  });

  test('fails when an override and a configured value leave no weight at all', () => {
    const faults = faultsOf({ 'spot-weight': '0' }, { onDemandWeight: 0 });
    expect(faults).toEqual([expect.stringContaining('must not both be 0')]);
  });
});
