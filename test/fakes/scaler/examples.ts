import type { TaskSettings } from '../../../lambda/scaler/aws/tasks';
import type { Knobs } from '../../../lambda/scaler/decision/knobs';
import type { Policy } from '../../../lambda/scaler/decision/policy';
import type { Observation } from '../../../lambda/scaler/decision/snapshot';
import type { ActiveTask, QueueDepth, StartFault, StoppedTask } from '../../../lambda/scaler/ports';
import type { Settings } from '../../../lambda/scaler/scale';
import type { UploadRecord } from '../../../lambda/scaler/uploads';

/** Values for tests and benchmarks: ordinary ones, with the changes that a case names. */

/** The moment at which the examples are seen, in milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 2, 10, 14, 5, 30);

export const MINUTE = 60_000;

const KNOBS: Knobs = {
  enabled: true,
  maxTasks: 10,
  minTasks: 0,
  jobsPerTask: 100,
  steps: '1:1,500:10',
  drainWithinMinutes: 15,
  onDemandBase: 2,
  onDemandWeight: 1,
  spotWeight: 4,
};

/** The tasks of the examples, as the adapters of ECS know them. */
export const TASK_SETTINGS: TaskSettings = {
  cluster: 'spillway',
  taskFamily: 'photos',
  containerName: 'worker',
  startedBy: 'spillway-scaler',
  securityGroups: ['sg-1'],
  assignPublicIp: 'DISABLED',
};

/** Settings of a run with these knobs as they are configured. */
export function exampleSettings(knobs: Partial<Knobs> = {}, changes: Partial<Settings> = {}) {
  const settings: Settings = {
    pipeline: 'photos',
    environment: 'test',
    parameterPath: '/spillway/test/photos/',
    taskFamily: 'photos',
    maxTaskSeconds: 3_600,
    subnets: ['subnet-1', 'subnet-2'],
    scalingPolicy: 'jobs-per-task',
    jobSeconds: 1,
    jobsAtATime: 20,
    configured: { ...KNOBS, ...knobs },
  };
  return { ...settings, ...changes };
}

/** No job has been done lately. */
export const NO_JOB_METRICS = { recent: async () => [] };

export function examplePolicy(changes: Partial<Policy & Knobs> = {}): Policy {
  const { jobsPerTask, steps: _, drainWithinMinutes: __, ...others } = { ...KNOBS, ...changes };
  const scaling = { policy: 'jobs-per-task', jobsPerTask } as const;
  return { scaling, taskDefinition: 'photos:7', ...others };
}

export function exampleActive(changes: Partial<ActiveTask> = {}): ActiveTask {
  return {
    taskDefinition: 'photos:7',
    capacityProvider: 'FARGATE',
    createdAt: NOW - 3 * MINUTE,
    startedAt: NOW - 2 * MINUTE,
    state: 'running',
    ...changes,
  };
}

/** A task that failed at once. */
export function exampleStopped(changes: Partial<StoppedTask> = {}): StoppedTask {
  const stoppedAt = changes.stoppedAt ?? NOW - 30_000;
  return {
    taskDefinition: 'photos:7',
    capacityProvider: 'FARGATE',
    createdAt: stoppedAt - 20_000,
    startedAt: stoppedAt - 5_000,
    stoppedAt,
    stopCode: 'EssentialContainerExited',
    exitCode: 1,
    ...changes,
  };
}

/** A task that something kept from starting. */
export function exampleNotStarted(
  startFault: StartFault,
  changes: Partial<StoppedTask> = {},
): StoppedTask {
  const {
    startedAt: _,
    exitCode: __,
    ...task
  } = exampleStopped({
    stopCode: 'TaskFailedToStart',
    ...changes,
  });
  return { ...task, startFault };
}

export function exampleObservation(
  changes: Partial<Observation> & Partial<QueueDepth> = {},
): Observation {
  const { backlog = 0, inFlight = 0, delayed = 0, ...rest } = changes;
  return { at: NOW, queue: { backlog, inFlight, delayed }, active: [], stopped: [], ...rest };
}

/** `count` of what `make` makes. */
export function several<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A message of the queue of wake-ups, received for the first time. */
export function exampleUpload(messageId = 'upload-1', receives = 1): UploadRecord {
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:photos-wake.fifo',
    attributes: { ApproximateReceiveCount: `${receives}` },
  };
}
