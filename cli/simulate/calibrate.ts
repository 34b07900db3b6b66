import { INTERRUPTIONS_PER_HOUR } from '../../simulator/default-figures';
import type { Figures } from '../../simulator/scenario';
import { duration } from '../../text/units';
import { pluralize } from '../../text/words';
import type { PipelineMinute, TaskLife } from '../ports/account';

/** What a pipeline has been seen to do. */
export interface Evidence {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly minutes: readonly PipelineMinute[];
  /** Tasks that ECS still lists: those that run, and those that stopped in the last hour. */
  readonly tasks: readonly TaskLife[];
}

/** A figure, and where it is from. */
export interface CalibratedFigure {
  /** Absent: nothing was measured, and what is assumed holds. */
  readonly value?: number;
  readonly source: string;
}

export type CalibratedName =
  | 'jobSeconds'
  | 'jobSpread'
  | 'slots'
  | 'startSeconds'
  | 'startSpread'
  | 'interruptionsPerHour';

/** The figures of a pipeline, for its simulation. */
export interface Calibration {
  /** ISO times. */
  readonly from: string;
  readonly to: string;
  readonly jobs: number;
  readonly figures: Readonly<Record<CalibratedName, CalibratedFigure>>;
}

const HOUR = 3_600_000;
/** Minutes that tell how much they differ, and how many jobs a busy task has at a time. */
const LEAST_MINUTES = 5;
const MOST_SPREAD = 10;

/** @returns undefined when no job was done. */
export function calibrate({ from, to, minutes, tasks }: Evidence): Calibration | undefined {
  const worked = minutes.filter(({ jobs, milliseconds }) => jobs > 0 && milliseconds > 0);
  const jobs = sum(worked.map((minute) => minute.jobs));
  if (jobs === 0) return undefined;
  const jobSeconds = sum(worked.map(({ milliseconds }) => milliseconds)) / jobs / 1_000;
  const span = `the ${duration((to - from) / 1_000)} before ${new Date(to).toISOString()}`;
  const starts = tasks.flatMap(({ createdAt, startedAt }) =>
    startedAt === undefined ? [] : Math.max(0, startedAt - createdAt) / 1_000,
  );
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    jobs,
    figures: {
      jobSeconds: { value: jobSeconds, source: `measured, ${pluralize(jobs, 'job')} in ${span}` },
      jobSpread: spreadOf(worked, jobSeconds),
      slots: slotsOf(minutes),
      ...startOf(starts),
      interruptionsPerHour: interruptionsOf(tasks, to),
    },
  };
}

/**
 * How much jobs differ, by how much the means of the minutes do: the more jobs a minute has, the
 * nearer its mean is to that of all. It is an analysis of variance between groups:
 * https://en.wikipedia.org/wiki/One-way_analysis_of_variance
 */
function spreadOf(worked: readonly PipelineMinute[], jobSeconds: number): CalibratedFigure {
  if (worked.length < LEAST_MINUTES)
    return { source: `assumed: jobs ended in ${pluralize(worked.length, 'minute')} alone` };
  const squares = worked.map(
    ({ jobs, milliseconds }) => jobs * (milliseconds / jobs / 1_000 - jobSeconds) ** 2,
  );
  const deviation = Math.sqrt(sum(squares) / (worked.length - 1));
  return {
    value: Math.min(MOST_SPREAD, deviation / jobSeconds),
    source: `measured, by how the means of ${pluralize(worked.length, 'minute')} differ`,
  };
}

/** Of minutes in which each task could have had more jobs. */
function slotsOf(minutes: readonly PipelineMinute[]): CalibratedFigure {
  const busy = minutes
    .filter(({ tasks, backlog }) => tasks >= 1 && backlog > tasks)
    .map(({ inFlight, tasks }) => inFlight / tasks)
    .filter((each) => each > 0);
  if (busy.length < LEAST_MINUTES)
    return { source: 'as configured: the tasks had a backlog for too short a time' };
  return {
    value: Math.max(1, Math.round(median(busy))),
    source: `measured, the median of ${pluralize(busy.length, 'busy minute')}`,
  };
}

function startOf(starts: readonly number[]) {
  const nothing = { source: 'assumed: ECS lists no task that has started in the last hour' };
  if (starts.length === 0) return { startSeconds: nothing, startSpread: nothing };
  const mean = sum(starts) / starts.length;
  const source = `measured, ${pluralize(starts.length, 'start')} that ECS lists`;
  const startSeconds = { value: mean, source };
  if (starts.length < 2 || mean === 0)
    return { startSeconds, startSpread: { source: 'assumed: one start has no spread' } };
  const squares = starts.map((one) => (one - mean) ** 2);
  const deviation = Math.sqrt(sum(squares) / (starts.length - 1));
  return { startSeconds, startSpread: { value: deviation / mean, source } };
}

/**
 * A few hours without an interruption do not show that none ever comes. So the assumed rate counts
 * as one interruption in as many hours as it takes.
 */
function interruptionsOf(tasks: readonly TaskLife[], now: number): CalibratedFigure {
  const onSpot = tasks.filter(({ capacityProvider }) => capacityProvider === 'FARGATE_SPOT');
  const hours = sum(onSpot.map((task) => listedMilliseconds(task, now))) / HOUR;
  if (hours === 0) return { source: 'assumed: no task of the last hour was on Spot' };
  const interrupted = onSpot.filter(({ isInterrupted }) => isInterrupted).length;
  const assumedHours = 1 / INTERRUPTIONS_PER_HOUR;
  return {
    value: (interrupted + 1) / (hours + assumedHours),
    source:
      `measured, ${pluralize(interrupted, 'interruption')} in ${hours.toFixed(1)} hours of Spot ` +
      `tasks, beside the assumed one in ${assumedHours}`,
  };
}

/** Time in the last hour: of what stopped before, ECS lists nothing. */
function listedMilliseconds({ startedAt, stoppedAt }: TaskLife, now: number): number {
  return startedAt === undefined
    ? 0
    : Math.max(0, (stoppedAt ?? now) - Math.max(startedAt, now - HOUR));
}

/** The same, for tasks that have another number of slots than those that were measured. */
export function withoutSlots({ figures, ...calibration }: Calibration): Calibration {
  const slots = { source: 'by the setting that is tried, not measured' };
  return { ...calibration, figures: { ...figures, slots } };
}

/** The values of what was measured. */
export function measuredFigures({ figures }: Calibration): Partial<Figures> {
  const measured = Object.entries(figures).filter(([, { value }]) => value !== undefined);
  return Object.fromEntries(measured.map(([name, { value }]) => [name, value]));
}

export function sourcesOf({ figures }: Calibration): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(figures).map(([name, { source }]) => [name, source]));
}

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
