import { readEnvironment as readWorker } from '../application-code/worker/src/environment';
import { DEFAULT_WORKLOAD, recipeOf } from '../application-code/workloads';
import { readEnvironment as readScaler } from '../lambda/scaler/environment';
import { DEFAULT_PIPELINE } from '../stacks/config/schema';
import type { ScalingSettings } from './scaling';
import { scalerVariables, workerVariables } from './variables';

const workload = { name: DEFAULT_WORKLOAD, recipe: recipeOf(DEFAULT_WORKLOAD) };
const queueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/work';
const workerTargets = {
  environment: 'dev',
  pipeline: 'photos',
  queueUrl,
  deadLetterQueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters',
  sourceBucket: 'the-source',
  destinationBucket: 'the-destination',
  accountId: '123456789012',
};
const worker = workerVariables(DEFAULT_PIPELINE, workerTargets);
const scalerTargets = {
  environment: 'dev',
  pipeline: 'photos',
  parameterPath: '/spillway/dev/photos/',
  queueUrl,
  cluster: 'spillway-dev',
  taskFamily: 'spillway-dev-photos-worker',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  assignPublicIp: true,
};
const scaler = scalerVariables({ ...DEFAULT_PIPELINE, jobsAtATime: 20 }, scalerTargets);

const PART = { samples: 500, mebibytes: 64, seconds: 60 };

/** What the SDK is told: by the region of a Fargate task, or by the user of an emulator. */
const OF_THE_SDK = [
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_REGION',
];

/** Names that a reader asks a record for. */
function namesRead(
  filled: Readonly<Record<string, string>>,
  read: (variables: Readonly<Record<string, string>>) => unknown,
): string[] {
  const names = new Set<string>();
  read(
    new Proxy(filled, {
      get: (target, name) => {
        names.add(String(name));
        return target[String(name)];
      },
    }),
  );
  return [...names].sort();
}

describe('workerVariables', () => {
  test('fills what the worker reads, except what the SDK reads itself or a launch says', () => {
    const destination = { kind: 'shards', ...PART, label: 'folder' } as const;
    const dataset = workerVariables({ ...DEFAULT_PIPELINE, destination }, workerTargets);
    expect(namesRead(dataset, (variables) => readWorker(workload, variables))).toEqual(
      [...Object.keys(dataset), ...OF_THE_SDK, 'JOB_LIMIT'].sort(),
    );
  });

  test('says when parts are closed and where labels come from, of a dataset alone', () => {
    const destination = { kind: 'shards', ...PART, label: { pattern: '(a)/' } } as const;
    const dataset = workerVariables({ ...DEFAULT_PIPELINE, destination }, workerTargets);
    expect(readWorker(workload, dataset).shards).toEqual({ ...PART, label: '(a)/' });
    expect(readWorker(workload, worker).shards).toBeUndefined();
  });

  test('says of every setting what the worker then reads', () => {
    const { sourcePrefix, destinationPrefix, recipe, visibilityTimeoutSeconds, maxAttempts } =
      DEFAULT_PIPELINE;
    expect(readWorker(workload, worker)).toMatchObject({
      sourcePrefix,
      destinationPrefix,
      recipe,
      visibilityTimeoutSeconds,
      maxAttempts,
      queueUrl,
      expectedBucketOwner: '123456789012',
      memoryLimitMiB: DEFAULT_PIPELINE.memoryMiB,
      metricDimensions: { environment: 'dev', pipeline: 'photos' },
    });
  });
});

test('the own variables of a pipeline are beside those of the worker, and hide none', () => {
  const environment = { MODEL: 'large', QUEUE_URL: 'mine' };
  const variables = workerVariables({ ...DEFAULT_PIPELINE, environment }, workerTargets);
  expect(variables).toEqual({ ...worker, MODEL: 'large' });
});

describe('scalerVariables', () => {
  test('fills exactly what the scaler reads, except the mark of its tasks', () => {
    expect(namesRead(scaler, (variables) => readScaler(variables))).toEqual(
      [...Object.keys(scaler), 'STARTED_BY', 'SHARD_SAMPLES'].sort(),
    );
  });

  test('says how many samples a task collects, where it collects any', () => {
    const destination = { kind: 'shards', ...PART, label: 'folder' } as const;
    const settings = { ...DEFAULT_PIPELINE, destination, jobsAtATime: 20 };
    expect(readScaler(scalerVariables(settings, scalerTargets)).shardSamples).toBe(500);
    expect(readScaler(scaler).shardSamples).toBe(0);
  });

  test('says of every knob what the scaler then takes as configured', () => {
    const { maxTasks, jobsPerTask, onDemandBase, onDemandWeight, spotWeight } = DEFAULT_PIPELINE;
    expect(readScaler(scaler)).toMatchObject({
      subnets: ['subnet-1', 'subnet-2'],
      securityGroups: ['sg-1'],
      assignPublicIp: 'ENABLED',
      configured: {
        enabled: true,
        maxTasks,
        jobsPerTask,
        onDemandBase,
        onDemandWeight,
        spotWeight,
      },
    });
  });

  test.each<[ScalingSettings, object]>([
    [{ policy: 'jobs-per-task', jobsPerTask: 7 }, { configured: { jobsPerTask: 7 } }],
    [{ policy: 'jobs-per-task', jobsPerTask: null }, { configured: { jobsPerTask: 100 } }],
    [
      {
        policy: 'steps',
        steps: [
          { from: 1, tasks: 1 },
          { from: 500, tasks: 10 },
        ],
      },
      { configured: { steps: '1:1,500:10' } },
    ],
    [
      { policy: 'drain-within', minutes: 5, jobSeconds: 0.11 },
      { configured: { drainWithinMinutes: 5 }, jobSeconds: 0.11, jobsAtATime: 12 },
    ],
  ])('says of the policy %j what the scaler then takes as configured', (scaling, read) => {
    const settings = { ...DEFAULT_PIPELINE, scaling, jobsAtATime: 12 };
    expect(readScaler(scalerVariables(settings, scalerTargets))).toMatchObject({
      scalingPolicy: scaling.policy,
      ...read,
    });
  });
});
