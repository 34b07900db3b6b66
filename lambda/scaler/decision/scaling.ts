import type { QueueDepth, TasksByProvider } from '../ports';

export const SCALING_POLICIES = ['jobs-per-task', 'steps', 'drain-within'] as const;

export type ScalingPolicy = (typeof SCALING_POLICIES)[number];

/** What says how many tasks jobs are worth: a policy, or that each object has a task of its own. */
export const SCALING_RULES = [...SCALING_POLICIES, 'per-object'] as const;

export type ScalingRule = (typeof SCALING_RULES)[number];

/** Tasks that a number of jobs, or more, is worth. */
export interface Step {
  readonly from: number;
  readonly tasks: number;
}

/** How many tasks a number of jobs is worth. */
export type Scaling =
  | { readonly policy: 'jobs-per-task'; readonly jobsPerTask: number }
  /** Both numbers of a step are greater than those of the step before. */
  | { readonly policy: 'steps'; readonly steps: readonly Step[] }
  | { readonly policy: 'drain-within'; readonly minutes: number }
  /** A task takes one message and ends. */
  | { readonly policy: 'per-object' };

/** How fast tasks work. */
export interface Service {
  /** Seconds from the receive of a job to its outcome. */
  readonly jobSeconds: number;
  /** Jobs that one task works on at a time. */
  readonly jobsAtATime: number;
  /** Seconds from RunTask until a task takes jobs. */
  readonly startSeconds: number;
  /** Jobs that `jobSeconds` rests on; 0 when it is the configured value. */
  readonly measured: number;
}

/** The part of a snapshot that says what there is to do and who does it. */
export interface Demand {
  readonly queue: QueueDepth;
  /** Running and pending tasks of every revision. */
  readonly fleet: TasksByProvider;
  /** Tasks of the fleet that have yet to start. */
  readonly pending: number;
  /** Tasks of the fleet that take no more jobs. */
  readonly leaving: number;
  readonly service: Service;
}

/** Tasks that all jobs of the queue are worth, before any maximum; present ones are among them. */
export function worthOf(demand: Demand, scaling: Scaling): number {
  const { queue, fleet, leaving, service } = demand;
  const takers = fleet.FARGATE + fleet.FARGATE_SPOT - leaving;
  return tasksFor(queue.backlog + queue.inFlight, scaling, { takers, service });
}

/**
 * New tasks that visible jobs keep busy: each has at least one to receive. Those in flight would
 * leave a new task idle, and so would one for which a task is about to start.
 */
export function keptBusy(demand: Demand, scaling: Scaling): number {
  const { queue, pending, service } = demand;
  const { backlog } = queue;
  if (scaling.policy === 'per-object') return Math.max(0, backlog - pending);
  return Math.min(backlog, tasksFor(backlog, scaling, { takers: 0, service }));
}

interface Present {
  readonly takers: number;
  readonly service: Service;
}

function tasksFor(jobs: number, scaling: Scaling, present: Present): number {
  switch (scaling.policy) {
    case 'jobs-per-task':
      return Math.ceil(jobs / scaling.jobsPerTask);
    case 'per-object':
      return jobs;
    case 'steps':
      return scaling.steps.findLast(({ from }) => from <= jobs)?.tasks ?? 0;
    case 'drain-within':
      return drainTasks(jobs, scaling.minutes * 60, present);
  }
}

/**
 * As many tasks as end all jobs within `seconds` from now. A task that is present works all that
 * time, a new one from its start on.
 */
function drainTasks(jobs: number, seconds: number, { takers, service }: Present): number {
  const byPresent = jobsWithin(seconds, service);
  if (jobs <= takers * byPresent) return Math.ceil(jobs / byPresent);
  const byNew = jobsWithin(workSeconds(seconds, service), service);
  return takers + Math.ceil((jobs - takers * byPresent) / byNew);
}

/**
 * Time that a new task works. At least half of the whole, so that a target as short as a start does
 * not ask for a fleet without bounds that would still come too late.
 */
function workSeconds(seconds: number, { startSeconds }: Service): number {
  return Math.max(seconds - startSeconds, seconds / 2);
}

/**
 * Jobs that one task ends in a time. A job that takes longer than that still has one slot alone:
 * more tasks than it takes to hold all jobs at once end none sooner.
 */
function jobsWithin(seconds: number, { jobsAtATime, jobSeconds }: Service): number {
  return jobsAtATime * Math.max(1, Math.floor(seconds / jobSeconds));
}
