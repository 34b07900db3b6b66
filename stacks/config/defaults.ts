import { DEFAULT_FAIL_ON } from '../../application-code/images/fail-on';
import { DEFAULT_RECIPE } from '../../application-code/images/recipe';
import { WORKER_VARIABLES } from '../../application-code/worker/src/settings';
import { KNOB_RULES } from '../../lambda/scaler/knobs';
import { defaultOf } from '../../text/setting';
import type { EnvironmentSettings, PipelineSettings } from './blueprint-config';

/** First part of every name when the blueprint has none. */
export const DEFAULT_NAME = 'spillway';

/** Pipelines of an environment that names none. */
export const DEFAULT_PIPELINES = { photos: {} } as const;

/** A pipeline of which nothing is said. What the worker also has a default for is the worker's. */
export const DEFAULT_PIPELINE: PipelineSettings = {
  existingSourceBucket: null,
  existingDestinationBucket: null,
  sourcePrefix: 'ecsproc/',
  suffixes: [],
  destinationPrefix: 'processed/',
  recipe: DEFAULT_RECIPE,
  failOn: DEFAULT_FAIL_ON,
  image: null,
  cpuUnits: 1024,
  memoryMiB: 2048,
  ephemeralStorageGiB: 20,
  logMode: 'non-blocking',
  logBufferMiB: 25,
  architecture: 'arm64',
  maxTasks: defaultOf(KNOB_RULES.maxTasks.schema),
  jobsPerTask: defaultOf(KNOB_RULES.jobsPerTask.schema),
  onDemandBase: defaultOf(KNOB_RULES.onDemandBase.schema),
  onDemandWeight: defaultOf(KNOB_RULES.onDemandWeight.schema),
  spotWeight: defaultOf(KNOB_RULES.spotWeight.schema),
  jobConcurrency: defaultOf(WORKER_VARIABLES.jobConcurrency.schema),
  visibilityTimeoutSeconds: defaultOf(WORKER_VARIABLES.visibilityTimeoutSeconds.schema),
  jobTimeoutSeconds: defaultOf(WORKER_VARIABLES.jobTimeoutSeconds.schema),
  maxAttempts: defaultOf(WORKER_VARIABLES.maxAttempts.schema),
  retentionDays: 10,
  idleExitSeconds: defaultOf(WORKER_VARIABLES.idleExitSeconds.schema),
  maxTaskSeconds: defaultOf(WORKER_VARIABLES.maxTaskSeconds.schema),
  drainDeadlineSeconds: defaultOf(WORKER_VARIABLES.drainDeadlineSeconds.schema),
  maxSourceBytes: defaultOf(WORKER_VARIABLES.maxSourceBytes.schema),
  maxSourcePixels: defaultOf(WORKER_VARIABLES.maxSourcePixels.schema),
  schedule: 'rate(1 minute)',
  logLevel: 'info',
  awsClient: 'lean',
};

/** An environment of which nothing is said, but for its pipelines. */
export const DEFAULT_ENVIRONMENT: Omit<EnvironmentSettings, 'pipelines'> = {
  region: 'us-east-1',
  allowedAccountIds: [],
  tags: {},
  network: {
    vpcId: null,
    subnetIds: [],
    assignPublicIp: false,
    cidr: '10.42.0.0/16',
    availabilityZones: 2,
    egress: 'public-ip',
    flowLogs: false,
    privateDnsNamespace: null,
  },
  cluster: { existing: null, containerInsights: 'off' },
  buckets: {
    shared: false,
    versioning: false,
    expireSourcesAfterDays: null,
    expireRenditionsAfterDays: null,
    forceDestroy: false,
  },
  logRetentionDays: 30,
  alarms: {
    enabled: true,
    topicArn: null,
    emails: [],
    oldestMessageMinutes: 60,
    idleBacklogMinutes: 15,
  },
  scaler: { reservedConcurrency: null, tracing: false },
  delivery: {
    source: 's3',
    repository: null,
    branch: 'main',
    paths: [
      'application-code/**',
      'text/**',
      'buildspec.yml',
      'build.mjs',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      '.dockerignore',
    ],
    connectionArn: null,
    provider: 'GitHub',
    keptImages: 30,
    keptRevisions: 10,
    canaryTimeoutMinutes: 10,
    sbom: false,
    emails: [],
  },
  permissionsBoundaryArn: null,
  encryption: 'aws-managed',
  backend: null,
};
