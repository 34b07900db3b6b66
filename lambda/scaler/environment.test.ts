import { scalerVariables } from '../../test/fakes/environments';
import { EnvironmentError, readEnvironment } from './environment';

const complete = scalerVariables();
const faultsOf = (changes: Record<string, string | undefined>) => {
  try {
    readEnvironment({ ...complete, ...changes });
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
};

describe('readEnvironment', () => {
  test('reads every variable', () => {
    expect(readEnvironment(complete)).toEqual({
      pipeline: 'photos',
      environment: 'test',
      parameterPath: '/spillway/test/photos/',
      queueUrl: complete.QUEUE_URL,
      cluster: complete.CLUSTER,
      taskFamily: 'photos',
      containerName: 'worker',
      subnets: ['subnet-1', 'subnet-2'],
      securityGroups: ['sg-1', 'sg-2'],
      assignPublicIp: 'DISABLED',
      maxTaskSeconds: 3600,
      wakeTasks: 0,
      scalingPolicy: 'jobs-per-task',
      jobSeconds: 1,
      jobsAtATime: 20,
      startedBy: 'spillway-scaler',
      shardSamples: 0,
      configured: {
        enabled: true,
        maxTasks: 10,
        minTasks: 0,
        jobsPerTask: 100,
        steps: '1:1',
        drainWithinMinutes: 15,
        onDemandBase: 2,
        onDemandWeight: 1,
        spotWeight: 4,
      },
    });
  });

  test('takes another mark for the tasks that it starts', () => {
    expect(readEnvironment({ ...complete, STARTED_BY: 'photos/scaler' }).startedBy).toBe(
      'photos/scaler',
    );
  });

  test('fails when everything is missing, and names every variable that must be there', () => {
    const faults = () => readEnvironment({});
    for (const variable of Object.keys(complete)) expect(faults).toThrow(`${variable} must be`);
  });

  test.each([
    ['PIPELINE', 'two words', '"two words" was'],
    ['PIPELINE', 'x'.repeat(49), `"${'x'.repeat(49)}" was`],
    ['PARAMETER_PATH', '/spillway/test/photos', '"/spillway/test/photos" was'],
    ['QUEUE_URL', 'work', '"work" was'],
    ['SUBNETS', 'subnet-1, subnet-2', '" subnet-2" was'],
    ['SUBNETS', 'vpc-1', '"vpc-1" was'],
    ['SECURITY_GROUPS', 'sg-1,sg-2,sg-3,sg-4,sg-5,sg-6', '6 were'],
    ['ASSIGN_PUBLIC_IP', 'true', '"true" was'],
    ['STARTED_BY', 'x'.repeat(37), `"${'x'.repeat(37)}" was`],
    ['SHARD_SAMPLES', '40001', '40001 was'],
    ['ENABLED', 'on', '"on" was'],
    ['MAX_TASKS', 'configured', '"configured" was'],
    ['JOBS_PER_TASK', '0', '0 was'],
    ['SCALING_POLICY', 'fast', '"fast" was'],
    ['JOB_SECONDS', '0', '0 was'],
    ['JOB_SECONDS', '0.0001', '0.0001 was'],
    ['JOBS_AT_A_TIME', '0', '0 was'],
    ['STEPS', '1:1,500:1', '"1:1,500:1" was'],
    ['DRAIN_WITHIN_MINUTES', '0', '0 was'],
  ])('fails when %s is `%s`, and says what is allowed and what to do', (variable, value, given) => {
    expect(faultsOf({ [variable]: value })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${variable}(\\[\\d\\])? must be .+, but ${given} given: set it in the ` +
            'configuration of ',
        ),
      ),
    ]);
  });

  test('fails when neither capacity provider has a weight', () => {
    expect(faultsOf({ ON_DEMAND_WEIGHT: '0', SPOT_WEIGHT: '0' })).toEqual([
      expect.stringContaining('must not both be 0'),
    ]);
  });
});
