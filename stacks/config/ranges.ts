import { WORKER_VARIABLES } from '../../application-code/worker/src/settings';
import { KNOB_RULES, type KnobName } from '../../lambda/scaler/knobs';
import { factsOf, type Range } from '../../text/setting';
import { MEMORY_MIB } from './fargate-sizes';

/** Numbers of a pipeline. The worker's and the scaler's are theirs; the others are AWS's. */
export const PIPELINE_RANGES = {
  memoryMiB: { unit: 'MiB', min: Math.min(...MEMORY_MIB), max: Math.max(...MEMORY_MIB) },
  logBufferMiB: { unit: 'MiB', min: 1, max: 200 },
  ephemeralStorageGiB: { unit: 'GiB', min: 20, max: 200 },
  maxTasks: knob('maxTasks'),
  jobsPerTask: knob('jobsPerTask'),
  onDemandBase: knob('onDemandBase'),
  onDemandWeight: knob('onDemandWeight'),
  spotWeight: knob('spotWeight'),
  jobConcurrency: worker('jobConcurrency'),
  visibilityTimeoutSeconds: worker('visibilityTimeoutSeconds'),
  jobTimeoutSeconds: worker('jobTimeoutSeconds'),
  maxAttempts: worker('maxAttempts'),
  // SQS keeps a message for 14 days at most, and the dead-letter queue keeps it four days longer
  // than the work queue.
  retentionDays: { unit: 'days', min: 1, max: 10 },
  idleExitSeconds: worker('idleExitSeconds'),
  maxTaskSeconds: worker('maxTaskSeconds'),
  drainDeadlineSeconds: worker('drainDeadlineSeconds'),
  maxSourceBytes: worker('maxSourceBytes'),
  maxSourcePixels: worker('maxSourcePixels'),
} as const satisfies Readonly<Record<string, Range>>;

export const NETWORK_RANGES = {
  availabilityZones: { unit: 'zones', min: 2, max: 3 },
} as const satisfies Readonly<Record<string, Range>>;

export const BUCKET_RANGES = {
  expireSourcesAfterDays: { unit: 'days', min: 1, max: 3_650 },
  expireRenditionsAfterDays: { unit: 'days', min: 1, max: 3_650 },
} as const satisfies Readonly<Record<string, Range>>;

export const ALARM_RANGES = {
  oldestMessageMinutes: { unit: 'minutes', min: 1, max: 1_440 },
  idleBacklogMinutes: { unit: 'minutes', min: 3, max: 1_440 },
} as const satisfies Readonly<Record<string, Range>>;

export const SCALER_RANGES = {
  reservedConcurrency: { unit: 'runs at a time', min: 1, max: 1_000 },
} as const satisfies Readonly<Record<string, Range>>;

export const DELIVERY_RANGES = {
  keptImages: { unit: 'images', min: 2, max: 1_000 },
  keptRevisions: { unit: 'revisions', min: 1, max: 100 },
  canaryTimeoutMinutes: { unit: 'minutes', min: 1, max: 60 },
} as const satisfies Readonly<Record<string, Range>>;

/**
 * All that CloudWatch Logs allows:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

function worker(name: keyof typeof WORKER_VARIABLES): Range {
  return factsOf(WORKER_VARIABLES[name].schema).range ?? { unit: '', min: 0, max: 0 };
}

function knob(name: KnobName): Range {
  return factsOf(KNOB_RULES[name].schema).range ?? { unit: '', min: 0, max: 0 };
}
