import * as z from 'zod/mini';
import { ENGINE_MIB, jobsAtATime } from '../../application-code/worker/src/job-size';
import { WORKER_VARIABLES } from '../../application-code/worker/src/settings';
import type { JobSize } from '../../application-code/worker/src/workload/recipe';
import { recipeOf } from '../../application-code/workloads';
import { KNOB_RULES } from '../../lambda/scaler/decision/knobs';
import { TASKS_PER_CALL } from '../../lambda/scaler/ports';
import { list, oneOf, required, setting, wholeNumber } from '../../text/setting';
import { settingsOf } from '../../text/variables';
import { destination } from './destination-settings';
import * as formats from './formats';
import { PROGRAM_SETTINGS } from './program-settings';
import { scaling } from './scaling-settings';

const GIB = 1024;
const UNITS_PER_CPU = 1_024;

/**
 * Memory in MiB that Fargate and Fargate Spot allow for each number of CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 * The largest came in June 2026: https://github.com/aws-cloudformation/cfn-lint/pull/4668
 */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GIB, 2 * GIB]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16_384, steps(32, 120, 8)],
  [32_768, [60 * GIB, 120 * GIB, 244 * GIB]],
]);

/** CPU units and memory of a task. */
export interface TaskSize {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** The smallest task that can do a job of this size; undefined when none can. */
export function smallestTask({ cpus, memoryMiB }: JobSize): TaskSize | undefined {
  return [...FARGATE_SIZES]
    .filter(([cpuUnits]) => cpuUnits >= cpus * UNITS_PER_CPU)
    .flatMap(([cpuUnits, sizes]) => sizes.map((one) => ({ cpuUnits, memoryMiB: one })))
    .find((task) => task.memoryMiB >= memoryMiB + ENGINE_MIB);
}

/** What decides how many jobs a task of a pipeline does at a time. */
export interface TaskConcurrency {
  readonly workload: string;
  readonly jobConcurrency: number;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** Jobs that a task of the pipeline works on at a time, as the worker decides it in its task. */
export function taskConcurrency({ workload, cpuUnits, ...settings }: TaskConcurrency): number {
  const { jobSize } = recipeOf(workload);
  const cpus = Math.ceil(cpuUnits / UNITS_PER_CPU);
  return jobsAtATime({ ...settings, jobSize }, { cpus, memoryMiB: settings.memoryMiB });
}

/** Every number of CPU units that a task can have. */
export const CPU_UNITS: readonly number[] = [...FARGATE_SIZES.keys()];

/** Every memory that some task can have. */
export const MEMORY_MIB: readonly number[] = [...FARGATE_SIZES.values()].flat();

/** From and to a number of GiB, in MiB. */
function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);
}

/** An existing bucket: neither its policy nor its notifications are ever written. */
export const EXISTING_BUCKET_SETTINGS = {
  name: required(formats.bucketName, 'Its name.'),
  kmsKeyArn: setting(
    z.nullable(formats.keyArn),
    null,
    'KMS key with which its objects are encrypted, when it is not an AWS-managed one.',
  ),
};

const existingBucket = z.nullable(formats.settings(EXISTING_BUCKET_SETTINGS));

/** Settings of a pipeline, whatever its workload; those of worker and scaler are declared there. */
export const PIPELINE_SETTINGS = {
  existingSourceBucket: setting(
    existingBucket,
    null,
    'Existing bucket of the sources; EventBridge then feeds the queue. Without an `image`, ' +
      'canaries put objects below `canary/` there, and delete them.',
  ),
  existingDestinationBucket: setting(
    existingBucket,
    null,
    'Existing bucket for the renditions; those of canaries, too, lie there below `canary/` until ' +
      'they are deleted.',
  ),
  destination,
  suffixes: setting(
    list(formats.suffix, { what: 'suffixes', max: 20 }),
    [],
    'Endings without which a key raises no event. S3 compares the case and drops all others ' +
      'silently. Without any, every key does, and the worker judges its content.',
  ),
  image: setting(
    z.nullable(formats.image),
    null,
    'Image of the worker; the stack then promotes each of its own revisions. With `null` the ' +
      'delivery pipeline builds and promotes it.',
  ),
  cpuUnits: setting(oneOf(CPU_UNITS), 1024, 'CPU units of a task, 1,024 a vCPU.'),
  memoryMiB: setting(
    wholeNumber({ unit: 'MiB', min: Math.min(...MEMORY_MIB), max: Math.max(...MEMORY_MIB) }),
    2048,
    'Memory of a task; Fargate allows certain values for each CPU size.',
  ),
  ...PROGRAM_SETTINGS,
  logMode: setting(
    oneOf(['blocking', 'non-blocking']),
    'non-blocking',
    'What a task does while CloudWatch does not take its log: `non-blocking` continues and keeps ' +
      '`logBufferMiB` of it, `blocking` waits.',
  ),
  logBufferMiB: setting(
    wholeNumber({ unit: 'MiB', min: 1, max: 200 }),
    25,
    'Log of a task that waits for CloudWatch with `non-blocking`; what does not fit is lost.',
  ),
  ephemeralStorageGiB: setting(
    wholeNumber({ unit: 'GiB', min: 20, max: 200 }),
    20,
    'Ephemeral storage of a task; the first 20 GiB are free.',
  ),
  architecture: setting(
    oneOf(['arm64', 'x86_64']),
    'arm64',
    'CPU architecture of a task; `arm64` costs a fifth less.',
  ),
  ...settingsOf(KNOB_RULES),
  scaling,
  // SQS keeps a message for 14 days at most.
  retentionDays: setting(
    wholeNumber({ unit: 'days', min: 1, max: 10 }),
    10,
    'Time that the work queue keeps a message; the dead-letter queue keeps it four days longer.',
  ),
  ...settingsOf(WORKER_VARIABLES),
  schedule: setting(
    formats.schedule,
    'rate(1 minute)',
    'How often the scaler runs, as EventBridge Scheduler says it, in UTC.',
  ),
  launch: setting(
    oneOf(['scaler', 'per-object']),
    'scaler',
    'How many jobs a task is started for: as many as `scaling` says, or, with `per-object`, one, ' +
      'with which it ends. Each task costs a minute at least.',
  ),
  wake: setting(
    oneOf(['schedule', 'event']),
    'schedule',
    'What starts the first tasks: the next run of the schedule, or, with `event`, an upload ' +
      'itself within seconds, for $1.50 per million uploads and at most $1.60 a month.',
  ),
  wakeTasks: setting(
    wholeNumber({ unit: 'tasks', min: 1, max: TASKS_PER_CALL }),
    1,
    'Tasks on FARGATE that an upload starts for a pipeline without any, with `wake` `event`; ' +
      '`onDemandBase` counts as at least as many.',
  ),
};
