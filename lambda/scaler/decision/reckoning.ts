import { pluralize } from '../../../text/words';
import type { Policy } from './policy';
import { type Demand, type Scaling, type Service, worthOf } from './scaling';

/**
 * What the jobs are worth and why, such as `4,200 jobs at 0.11 s on 12 at a time: 3 tasks for 15
 * minutes`; undefined without jobs.
 */
export function reckoning(
  demand: Demand,
  { scaling, maxTasks }: Pick<Policy, 'scaling' | 'maxTasks'>,
): string | undefined {
  const jobs = demand.queue.backlog + demand.queue.inFlight;
  if (jobs === 0) return undefined;
  const tasks = worthOf(demand, scaling);
  const worth = `${pluralize(jobs, 'job')} ${reason(demand, scaling, jobs)}`;
  const result = `${worth}: ${pluralize(tasks, 'task')}${target(scaling)}`;
  if (tasks <= maxTasks) return result;
  const bound = `, of which max-tasks allows ${shown(maxTasks)}`;
  return `${result}${bound}${late(demand, scaling, maxTasks)}`;
}

function reason({ service }: Demand, scaling: Scaling, jobs: number): string {
  switch (scaling.policy) {
    case 'jobs-per-task':
      return `at ${shown(scaling.jobsPerTask)} a task`;
    case 'per-object':
      return 'at one a task';
    case 'steps': {
      const step = scaling.steps.findLast(({ from }) => from <= jobs);
      return `on the step from ${shown(step?.from ?? 0)}`;
    }
    case 'drain-within':
      return `at ${jobTime(service)} on ${shown(service.jobsAtATime)} at a time`;
  }
}

/** To three digits: a photo takes a tenth of a second, a film an hour. */
function jobTime({ jobSeconds, measured }: Service): string {
  const time = `${shown(Number(jobSeconds.toPrecision(3)))} s`;
  return measured === 0 ? `${time} (not yet measured)` : time;
}

function target(scaling: Scaling): string {
  return scaling.policy === 'drain-within' ? ` for ${pluralize(scaling.minutes, 'minute')}` : '';
}

/** How long the jobs take on as many tasks as may run. */
function late({ queue, service }: Demand, scaling: Scaling, maxTasks: number): string {
  if (scaling.policy !== 'drain-within' || maxTasks === 0) return '';
  const rounds = Math.ceil((queue.backlog + queue.inFlight) / (maxTasks * service.jobsAtATime));
  const minutes = Math.ceil((rounds * service.jobSeconds) / 60);
  return `, which need about ${pluralize(minutes, 'minute')}`;
}

function shown(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
