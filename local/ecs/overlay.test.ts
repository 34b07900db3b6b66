import type { TaskRecord } from './fleet';
import { overlayTask, type WireTask } from './overlay';

const record = (change: Partial<TaskRecord>): TaskRecord => ({
  taskArn: 'arn:task',
  capacityProvider: 'FARGATE_SPOT',
  lastStatus: 'PENDING',
  ...change,
});

/** What the emulator says about every live task, and about every task after StopTask. */
const live: WireTask = {
  taskArn: 'arn:task',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  startedAt: 1,
  stoppedReason: '',
  capacityProviderName: 'FARGATE',
  containers: [{ name: 'worker', lastStatus: 'RUNNING' }],
};
const stopped: WireTask = {
  ...live,
  lastStatus: 'STOPPED',
  desiredStatus: 'STOPPED',
  stoppedAt: 2,
  stopCode: 'UserInitiated',
  stoppedReason: 'because',
  containers: [{ name: 'worker', lastStatus: 'STOPPED', exitCode: 0 }],
};

describe('overlayTask', () => {
  test('leaves a task unchanged that the runner does not know', () => {
    expect(overlayTask(live, undefined)).toBe(live);
  });

  test('says PENDING, without a start, until the process runs', () => {
    const task = overlayTask(live, record({}));
    expect(task).toMatchObject({ lastStatus: 'PENDING', capacityProviderName: 'FARGATE_SPOT' });
    expect(task).not.toHaveProperty('startedAt');
    expect(task).not.toHaveProperty('stoppedReason');
  });

  test('says when the process began, in seconds', () => {
    expect(overlayTask(live, record({ lastStatus: 'RUNNING', startedAt: 1_500 }))).toMatchObject({
      lastStatus: 'RUNNING',
      startedAt: 1.5,
    });
  });

  test('shows a task that drains as running, though the emulator has stopped it already', () => {
    const task = overlayTask(
      stopped,
      record({
        lastStatus: 'STOPPING',
        stoppingAt: 3_000,
        stopCode: 'UserInitiated',
        stoppedReason: 'because',
      }),
    );
    expect(task).toMatchObject({
      lastStatus: 'STOPPING',
      desiredStatus: 'STOPPED',
      stoppedReason: 'because',
      containers: [{ name: 'worker', lastStatus: 'RUNNING' }],
    });
    expect(task).not.toHaveProperty('stoppedAt');
    expect(task.containers?.[0]).not.toHaveProperty('exitCode');
  });

  test('takes the exit code and the reason of the process, not those of the emulator', () => {
    const course = {
      lastStatus: 'STOPPED',
      stoppedAt: 4_000,
      exitCode: 137,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    } as const;
    expect(overlayTask(stopped, record(course))).toMatchObject({
      desiredStatus: 'STOPPED',
      stoppedAt: 4,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ lastStatus: 'STOPPED', exitCode: 137 }],
    });
  });

  test('shows no exit code of a task that could not be started', () => {
    const task = overlayTask(
      stopped,
      record({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' }),
    );
    expect(task.containers?.[0]).not.toHaveProperty('exitCode');
  });
});
