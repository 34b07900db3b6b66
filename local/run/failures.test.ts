import type { JobLine } from '../../application-code/worker/src/log-lines';
import type { TaskView } from '../ports';
import { Failures, failureOf } from './failures';

const exited = (exitCode: number): TaskView => ({
  taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/local/1',
  capacityProvider: 'FARGATE',
  lastStatus: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  exitCode,
});
const LOG = ['{"level":"info","event":"started"}'];

describe('failureOf', () => {
  test.each([
    [
      'the sentence of a worker that refuses its settings',
      exited(2),
      [...LOG, 'IDLE_EXIT_SECONDS must be a whole number, but "x" was given.'],
      'A task ended with exit code 2. IDLE_EXIT_SECONDS must be a whole number, but "x" was given.',
    ],
    [
      'the last error in the log of one that says nothing else',
      exited(1),
      [...LOG, '{"event":"unexpected","error":"Error: no \\"x\\"\\u001b[2J","stack":"…"}'],
      'A task ended with exit code 1. Error: no "x"\\u001b[2J',
    ],
    ['that it said nothing', exited(137), LOG, 'A task ended with exit code 137. It said nothing.'],
    [
      'why it never began',
      { ...exited(0), stopCode: 'TaskFailedToStart', stoppedReason: 'CannotStartContainerError' },
      [],
      'A task could not start: CannotStartContainerError',
    ],
    ['nothing of one that ended well', exited(0), LOG, undefined],
    [
      'nothing of one that was stopped',
      { ...exited(137), stopCode: 'UserInitiated' },
      LOG,
      undefined,
    ],
  ] as const)('says %s', (_what, task, log, sentence) => {
    expect(failureOf(task, log)).toBe(sentence);
  });
});

describe('Failures', () => {
  test('prints each reason once', () => {
    const lines: string[] = [];
    const failures = new Failures((text) => lines.push(text), 'in/');
    for (const code of [1, 1, 3]) failures.onTaskStopped(exited(code), []);
    expect(lines).toHaveLength(2);
  });

  test('ends the run with the sentence of a worker that refuses its settings', async () => {
    const failures = new Failures(() => undefined, 'in/');
    failures.onTaskStopped(exited(2), ['QUEUE_URL must be a URL.']);
    expect(await failures.refused).toContain('QUEUE_URL must be a URL.');
  });

  test('prints why a job is tried again, and of thousands the first ones', () => {
    const lines: string[] = [];
    const failures = new Failures((text) => lines.push(text), 'in/');
    const job = (key: string, more: Partial<JobLine> = {}) =>
      failures.onJob({
        ...{ event: 'job', outcome: 'released', messageId: 'm', key, receiveCount: 1 },
        ...{ faultCode: 'JobFailed', faultMessage: 'exit code 3\u001b', ...more },
      });
    job('in/a.txt', { outcome: 'done' });
    job('in/a.txt');
    job('in/a.txt', { receiveCount: 2 });
    expect(lines).toEqual(['Tried again: a.txt: JobFailed: exit code 3\\u001b']);
    for (let file = 0; file < 50; file += 1) job(`in/${file}.txt`);
    expect(lines).toHaveLength(20);
  });
});
