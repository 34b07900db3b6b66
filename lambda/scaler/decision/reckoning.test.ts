import { reckoning } from './reckoning';
import type { Scaling, Service } from './scaling';

const SERVICE: Service = { jobSeconds: 0.1124, jobsAtATime: 12, startSeconds: 30, measured: 600 };
const demandOf = (backlog: number, service: Partial<Service> = {}) => ({
  queue: { backlog, inFlight: 200, delayed: 0 },
  fleet: { FARGATE: 0, FARGATE_SPOT: 0 },
  leaving: 0,
  pending: 0,
  service: { ...SERVICE, ...service },
});
const perTask: Scaling = { policy: 'jobs-per-task', jobsPerTask: 100 };
const drain: Scaling = { policy: 'drain-within', minutes: 15 };
const steps: Scaling = {
  policy: 'steps',
  steps: [
    { from: 1, tasks: 1 },
    { from: 3_000, tasks: 12 },
  ],
};

describe('what the jobs are worth is said', () => {
  test.each<[string, Scaling, number, string]>([
    ['by jobs per task', perTask, 4_000, '4,200 jobs at 100 a task: 42 tasks'],
    ['by objects', { policy: 'per-object' }, 4_000, '4,200 jobs at one a task: 4,200 tasks'],
    ['by steps', steps, 4_000, '4,200 jobs on the step from 3,000: 12 tasks'],
    [
      'by the time of a job',
      drain,
      199_800,
      '200,000 jobs at 0.112 s on 12 at a time: 3 tasks for 15 minutes',
    ],
  ])('%s', (_policy, scaling, backlog, sentence) => {
    expect(reckoning(demandOf(backlog), { scaling, maxTasks: 5_000 })).toBe(sentence);
  });

  test('with what max-tasks allows, and how long so few tasks need', () => {
    expect(reckoning(demandOf(4_000), { scaling: perTask, maxTasks: 10 })).toBe(
      '4,200 jobs at 100 a task: 42 tasks, of which max-tasks allows 10',
    );
    const slow = demandOf(4_000, { jobSeconds: 60 });
    expect(reckoning(slow, { scaling: drain, maxTasks: 10 })).toBe(
      '4,200 jobs at 60 s on 12 at a time: 25 tasks for 15 minutes, of which max-tasks allows ' +
        '10, which need about 35 minutes',
    );
  });

  test('with the configured time of a job, as such, before one is measured', () => {
    expect(
      reckoning(demandOf(0, { jobSeconds: 3_600, measured: 0 }), { scaling: drain, maxTasks: 50 }),
    ).toBe('200 jobs at 3,600 s (not yet measured) on 12 at a time: 17 tasks for 15 minutes');
  });
});

test('nothing is said without jobs', () => {
  const none = { ...demandOf(0), queue: { backlog: 0, inFlight: 0, delayed: 5 } };
  expect(reckoning(none, { scaling: perTask, maxTasks: 10 })).toBeUndefined();
});
