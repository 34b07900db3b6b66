import { readEnvironment as readWorkerEnvironment } from '../../application-code/worker/src/environment';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import { readEnvironment as readScalerEnvironment } from '../../lambda/scaler/environment';
import { awsEnvironment } from '../environment';
import { namesOf } from './names';
import { LOCAL_DEFAULTS } from './settings';
import { scalerVariables, workerVariables } from './variables';

const workload = { name: DEFAULT_WORKLOAD, recipe: recipeOf(DEFAULT_WORKLOAD) };
const names = namesOf('0a1b2c3d');
const queues = {
  queueUrl: 'http://127.0.0.1:4566/123456789012/work',
  deadLetterQueueUrl: 'http://127.0.0.1:4566/123456789012/dead-letters',
  accountId: '123456789012',
};

describe('workerVariables', () => {
  test('fills what the worker reads', () => {
    const variables = {
      ...awsEnvironment('http://127.0.0.1:4566'),
      ...workerVariables(names, queues, LOCAL_DEFAULTS),
    };
    expect(readWorkerEnvironment(workload, variables)).toMatchObject({
      queueUrl: queues.queueUrl,
      deadLetterQueueUrl: queues.deadLetterQueueUrl,
      sourceBucket: names.sourceBucket,
      destinationBucket: names.destinationBucket,
      expectedBucketOwner: '123456789012',
      idleExitSeconds: 3,
      jobConcurrency: 4,
      memoryLimitMiB: 2048,
      recipe: LOCAL_DEFAULTS.recipe,
      metricDimensions: { environment: 'local', pipeline: names.pipeline },
    });
  });

  test('lets further variables win', () => {
    const settings = {
      ...LOCAL_DEFAULTS,
      workerEnvironment: { IDLE_EXIT_SECONDS: '1', MAX_TASK_SECONDS: '60' },
    };
    expect(workerVariables(names, queues, settings)).toMatchObject({
      IDLE_EXIT_SECONDS: '1',
      MAX_TASK_SECONDS: '60',
    });
  });
});

describe('scalerVariables', () => {
  test('fills what the scaler reads', () => {
    expect(
      readScalerEnvironment(scalerVariables(names, queues.queueUrl, LOCAL_DEFAULTS)),
    ).toMatchObject({
      parameterPath: names.parameterPath,
      cluster: names.cluster,
      taskFamily: names.taskFamily,
      containerName: 'worker',
      configured: {
        enabled: true,
        maxTasks: 10,
        jobsPerTask: 25,
        onDemandBase: 2,
        onDemandWeight: 1,
        spotWeight: 4,
      },
    });
  });

  test('sends the scaler to the front before ECS when there is one', () => {
    const settings = { ...LOCAL_DEFAULTS, ecsEndpoint: 'http://127.0.0.1:1234' };
    expect(scalerVariables(names, queues.queueUrl, settings).AWS_ENDPOINT_URL_ECS).toBe(
      'http://127.0.0.1:1234',
    );
    expect(scalerVariables(names, queues.queueUrl, LOCAL_DEFAULTS)).not.toHaveProperty(
      'AWS_ENDPOINT_URL_ECS',
    );
  });
});
