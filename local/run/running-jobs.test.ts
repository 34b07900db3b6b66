import type { JobLine, ProgressLine } from '../../application-code/worker/src/log-lines';
import type { TaskView } from '../ports';
import { RunningJobs } from './running-jobs';

const task = (taskArn: string): TaskView => ({
  taskArn,
  capacityProvider: 'FARGATE',
  lastStatus: 'RUNNING',
});
const line = (key: string, fraction: number): ProgressLine => ({
  event: 'progress',
  jobId: `${key}-1`,
  key: `in/${key}`,
  fraction,
  text: 'frames',
});

test('a job is shown with its latest progress, from its first word to its end', () => {
  const jobs = new RunningJobs('in/');
  jobs.onProgress(line('a.zip', 0.1), task('1'));
  jobs.onProgress(line('b.zip', 0.2), task('1'));
  jobs.onProgress(line('a.zip', 0.3), task('1'));
  expect(jobs.progress()).toEqual([
    { name: 'a.zip', fraction: 0.3, text: 'frames' },
    { name: 'b.zip', fraction: 0.2, text: 'frames' },
  ]);
  jobs.onJob({ event: 'job', key: 'in/a.zip' } as JobLine);
  expect(jobs.progress()).toMatchObject([{ name: 'b.zip' }]);
});

test('jobs of a task that has stopped are forgotten', () => {
  const jobs = new RunningJobs('in/');
  jobs.onProgress(line('a.zip', 0.1), task('1'));
  jobs.onProgress(line('b.zip', 0.2), task('2'));
  jobs.onTaskStopped(task('1'));
  expect(jobs.progress()).toMatchObject([{ name: 'b.zip' }]);
});
