import type { VariableName } from '../../lambda/scaler/environment';
import { awsEnvironment, LOCAL_ACCOUNT_ID } from '../../local/environment';

const queueUrl = (endpoint: string, name: string) => `${endpoint}/${LOCAL_ACCOUNT_ID}/${name}`;

/** What a worker cannot do without. */
export const workerVariables = (endpoint = 'https://sqs.eu-west-1.amazonaws.com') => ({
  QUEUE_URL: queueUrl(endpoint, 'work'),
  DEAD_LETTER_QUEUE_URL: queueUrl(endpoint, 'dead'),
  SOURCE_BUCKET: 'photos',
  DESTINATION_BUCKET: 'thumbnails',
});

/** The worker's process, with a fake of AWS at an endpoint. */
export const workerProcess = (endpoint: string) => ({
  ...awsEnvironment(endpoint),
  ...workerVariables(endpoint),
});

/** All that the scaler reads. */
export const scalerVariables = (endpoint = 'https://sqs.eu-central-1.amazonaws.com') =>
  ({
    PIPELINE: 'photos',
    ENVIRONMENT: 'test',
    PARAMETER_PATH: '/spillway/test/photos/',
    QUEUE_URL: queueUrl(endpoint, 'work'),
    CLUSTER: 'spillway-dev',
    TASK_FAMILY: 'photos',
    CONTAINER_NAME: 'worker',
    SUBNETS: 'subnet-1,subnet-2',
    SECURITY_GROUPS: 'sg-1,sg-2',
    ASSIGN_PUBLIC_IP: 'DISABLED',
    MAX_TASK_SECONDS: '3600',
    WAKE_TASKS: '0',
    ENABLED: 'true',
    MAX_TASKS: '10',
    MIN_TASKS: '0',
    JOBS_PER_TASK: '100',
    STEPS: '1:1',
    DRAIN_WITHIN_MINUTES: '15',
    SCALING_POLICY: 'jobs-per-task',
    JOB_SECONDS: '1',
    JOBS_AT_A_TIME: '20',
    ON_DEMAND_BASE: '2',
    ON_DEMAND_WEIGHT: '1',
    SPOT_WEIGHT: '4',
  }) satisfies Record<VariableName, string>;
