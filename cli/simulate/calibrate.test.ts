import { Chance } from '../../simulator/chance';
import type { PipelineMinute, TaskLife } from '../ports/account';
import { calibrate } from './calibrate';

const TO = Date.UTC(2026, 0, 10, 12);
const FROM = TO - 7 * 86_400_000;
const IDLE = { jobs: 0, milliseconds: 0, backlog: 0, inFlight: 0, tasks: 0 } as const;

const minute = (index: number, values: Partial<PipelineMinute>): PipelineMinute => ({
  at: FROM + index * 60_000,
  ...IDLE,
  ...values,
});

function figuresOf(minutes: readonly PipelineMinute[], tasks: readonly TaskLife[] = []) {
  const calibration = calibrate({ from: FROM, to: TO, minutes, tasks });
  if (!calibration) throw new Error('nothing was measured');
  return calibration.figures;
}

const one = minute(0, { jobs: 10, milliseconds: 20_000 });

test('mean and spread of the service time come out of sums of minutes, whatever their size', () => {
  const chance = new Chance(7);
  const minutes = Array.from({ length: 2_000 }, (_, index) => {
    const times = Array.from({ length: 1 + chance.below(60) }, () => chance.around(500, 0.6));
    return minute(index, { jobs: times.length, milliseconds: times.reduce((a, b) => a + b) });
  });
  const { jobSeconds, jobSpread } = figuresOf(minutes);
  expect(jobSeconds.value).toBeCloseTo(0.5, 2);
  expect(Math.abs((jobSpread.value ?? 0) - 0.6)).toBeLessThan(0.03);
  expect(jobSeconds.source).toMatch(/^measured, [\d,]+ jobs in the 168 h 0 min before 2026-01-10T/);
});

test('jobs of one minute say nothing of how they differ', () => {
  const { jobSpread } = figuresOf([one]);
  expect(jobSpread).toEqual({ source: 'assumed: jobs ended in 1 minute alone' });
});

test('jobs at a time are those of tasks that could have had more', () => {
  const busy = [18, 18, 17, 18, 19].map((each, index) =>
    minute(index, { tasks: 4, inFlight: 4 * each, backlog: 500 }),
  );
  const spare = Array.from({ length: 50 }, (_, index) =>
    minute(100 + index, { tasks: 4, inFlight: 2, backlog: 0 }),
  );
  expect(figuresOf([one, ...busy, ...spare]).slots.value).toBe(18);
  expect(figuresOf([one, ...spare]).slots).toEqual({
    source: 'as configured: the tasks had a backlog for too short a time',
  });
});

/** From `minutes` before the end on; it started 30 to 50 seconds later. */
const task = (minutes: number, change: Partial<TaskLife> = {}): TaskLife => ({
  capacityProvider: 'FARGATE_SPOT',
  createdAt: TO - minutes * 60_000 - 40_000,
  startedAt: TO - minutes * 60_000,
  isInterrupted: false,
  ...change,
});

test('start-up is that of the tasks that ECS lists', () => {
  const started = TO - 60_000;
  const tasks = [30, 50].map((seconds) =>
    task(1, { startedAt: started, createdAt: started - seconds * 1_000 }),
  );
  const pending: TaskLife = { capacityProvider: 'FARGATE', createdAt: TO, isInterrupted: false };
  const { startSeconds, startSpread } = figuresOf([one], [...tasks, pending]);
  expect(startSeconds).toEqual({ value: 40, source: 'measured, 2 starts that ECS lists' });
  expect(startSpread.value).toBeCloseTo(Math.sqrt(200) / 40, 6);
  expect(figuresOf([one], [pending]).startSeconds).not.toHaveProperty('value');
});

test('interruptions are those of the last hour, to which the assumed ones count', () => {
  const long = task(600);
  const interrupted = task(30, { stoppedAt: TO, isInterrupted: true });
  const onDemand = task(30, { capacityProvider: 'FARGATE' });
  const { interruptionsPerHour } = figuresOf([one], [long, interrupted, onDemand]);
  expect(interruptionsPerHour).toEqual({
    value: 2 / (1.5 + 50),
    source: 'measured, 1 interruption in 1.5 hours of Spot tasks, beside the assumed one in 50',
  });
  expect(figuresOf([one], [onDemand]).interruptionsPerHour).not.toHaveProperty('value');
});

test('there is nothing to calibrate from before a job was done', () => {
  const waiting = minute(1, { backlog: 100, tasks: 1, inFlight: 5 });
  expect(calibrate({ from: FROM, to: TO, minutes: [waiting], tasks: [task(5)] })).toBeUndefined();
});
