import type { ActiveTask, JobMinute, StoppedTask } from '../ports';
import type { Service } from './scaling';

/** What is known of the service before anything is measured. */
export interface ServiceSettings {
  /** Seconds that a job takes until there are measurements. */
  readonly jobSeconds: number;
  readonly jobsAtATime: number;
}

export interface ServiceEvidence {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly active: readonly ActiveTask[];
  readonly stopped: readonly StoppedTask[];
  /** Absent where nothing depends on it, and when CloudWatch did not answer. */
  readonly jobMinutes?: readonly JobMinute[];
}

/** Assumed until a task of this pipeline has been seen to start. */
export const START_SECONDS = 60;
/** After this time a figure counts half: jobs of now tell more than those of before. */
const HALF_LIFE = 5 * 60_000;

/** How fast tasks work, by what was seen of them, or else by what is configured. */
export function serviceOf(evidence: ServiceEvidence, settings: ServiceSettings): Service {
  const { jobsAtATime } = settings;
  return { ...jobTime(evidence, settings), jobsAtATime, startSeconds: startSeconds(evidence) };
}

interface Figure {
  readonly seconds: number;
  /** Jobs, of which old ones count less. */
  readonly weight: number;
}

/**
 * The weighted median of the minutes' means. One job that takes an hour spoils the mean of its own
 * minute, which is one of many; and the configured time counts as one more job of now, so that such
 * a job alone decides nothing, and that figures fade as they get old.
 */
function jobTime(
  { at, jobMinutes = [] }: ServiceEvidence,
  { jobSeconds }: ServiceSettings,
): Pick<Service, 'jobSeconds' | 'measured'> {
  const minutes = jobMinutes.filter(({ jobs, milliseconds }) => jobs > 0 && milliseconds > 0);
  const configured: Figure = { seconds: jobSeconds, weight: 1 };
  const figures = minutes.map((minute) => ({
    seconds: minute.milliseconds / minute.jobs / 1_000,
    weight: minute.jobs * 2 ** (-Math.max(0, at - minute.at) / HALF_LIFE),
  }));
  const median = weightedMedian([configured, ...figures]);
  const measured = minutes.reduce((sum, { jobs }) => sum + jobs, 0);
  return median === configured
    ? { jobSeconds, measured: 0 }
    : { jobSeconds: median.seconds, measured };
}

/** The first figure, by its time, with which half of the weight is reached. */
function weightedMedian(figures: readonly [Figure, ...Figure[]]): Figure {
  const half = figures.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let reached = 0;
  const sorted = [...figures].sort((a, b) => a.seconds - b.seconds);
  const found = sorted.find(({ weight }) => {
    reached += weight;
    return reached >= half;
  });
  return found ?? figures[0];
}

/** The median, which one slow start does not move. */
function startSeconds({ active, stopped }: ServiceEvidence): number {
  const seen = [...active, ...stopped]
    .flatMap(({ createdAt, startedAt }) => (startedAt === undefined ? [] : startedAt - createdAt))
    .sort((a, b) => a - b);
  const median = seen[Math.floor((seen.length - 1) / 2)];
  return median === undefined ? START_SECONDS : Math.max(0, median) / 1_000;
}
