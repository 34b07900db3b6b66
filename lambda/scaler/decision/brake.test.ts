import {
  exampleActive,
  exampleStopped,
  MINUTE,
  NOW,
  several,
} from '../../../test/fakes/scaler/examples';
import type { ActiveTask, StoppedTask } from '../ports';
import { FAILURES_TO_BRAKE, judge, revisionBrake } from './brake';

const HOUR = 60 * MINUTE;

const seen = (stopped: readonly StoppedTask[], active: readonly ActiveTask[] = [], at = NOW) =>
  revisionBrake({ at, active, stopped }, 'photos:7');
const failedAt = (...minutesAgo: number[]) =>
  minutesAgo.map((minutes) => exampleStopped({ stoppedAt: NOW - minutes * MINUTE }));

describe('revisionBrake', () => {
  test.each([
    ['off', 'nothing has stopped yet', []],
    ['off', 'four tasks failed', failedAt(0.1, 0.2, 0.3, 0.4)],
    ['waiting', 'five tasks failed just now', failedAt(0.1, 0.2, 0.3, 0.4, 0.5)],
    ['probe', 'five tasks failed and a minute has passed', failedAt(1, 1.1, 1.2, 1.3, 1.4)],
    [
      'off',
      'one of the last five made progress',
      [
        ...failedAt(0.1, 0.2, 0.3, 0.4, 0.6, 0.7),
        exampleStopped({ stoppedAt: NOW - 0.5 * MINUTE, exitCode: 0 }),
      ],
    ],
    [
      'waiting',
      'progress lies before the last five',
      [
        exampleStopped({ stoppedAt: NOW - 9 * MINUTE, exitCode: 0 }),
        ...failedAt(0.1, 0.2, 0.3, 0.4, 0.5),
      ],
    ],
    [
      'waiting',
      'Spot interruptions stand between the failures',
      [
        ...failedAt(0.1, 0.2, 0.3, 0.5, 0.6),
        exampleStopped({ stopCode: 'SpotInterruption', exitCode: 137 }),
      ],
    ],
    [
      'off',
      'the failures are of another revision',
      several(9, () => exampleStopped({ taskDefinition: 'photos:6' })),
    ],
    [
      'off',
      'four failed and Spot interrupted the fifth',
      [
        ...failedAt(0.1, 0.2, 0.3, 0.4),
        exampleStopped({ stopCode: 'SpotInterruption', exitCode: 137 }),
      ],
    ],
    ['off', 'three failures are close together', failedAt(1, 10, 20)],
    [
      'waiting',
      'only three failures are listed, over most of an hour: probes',
      failedAt(4, 21, 38),
    ],
    ['probe', 'the last of such probes is fifteen minutes old', failedAt(15, 32, 49)],
    ['waiting', 'one task has met an outage', [exampleStopped({ exitCode: 75 })]],
    [
      'probe',
      'one task has met an outage a minute ago',
      [exampleStopped({ exitCode: 75, stoppedAt: NOW - MINUTE })],
    ],
    [
      'off',
      'a task made progress after one had met an outage',
      [exampleStopped({ exitCode: 75, stoppedAt: NOW - MINUTE }), exampleStopped({ exitCode: 0 })],
    ],
  ] as const)('is %s when %s', (state, _reason, stopped) => {
    expect(seen(stopped)).toBe(state);
  });

  const failures = failedAt(14, 14.1, 14.2, 14.3, 14.4);
  const probe = (changes: Partial<ActiveTask>) =>
    exampleActive({ createdAt: NOW - 13.9 * MINUTE, ...changes });

  test.each([
    ['waiting', 'a probe is under way', probe({ startedAt: NOW - 12.9 * MINUTE })],
    ['off', 'a probe has outlived every outage', probe({ startedAt: NOW - 13 * MINUTE })],
    [
      'probe',
      'a task runs that was launched before the failures',
      probe({ createdAt: NOW - 40 * MINUTE }),
    ],
    ['probe', 'the task that runs is of another revision', probe({ taskDefinition: 'photos:6' })],
  ] as const)('is %s when %s', (state, _reason, task) => {
    expect(seen(failures, [task])).toBe(state);
  });
});

/**
 * Minutes at which probes start while everything fails at once, with ECS forgetting a stopped task
 * after an hour.
 */
function probesOf(hours: number, secondsToFail: number, exitCode = 1): number[] {
  const start = NOW - (NOW % MINUTE);
  const failed = (createdAt: number) =>
    exampleStopped({
      createdAt,
      startedAt: createdAt,
      stoppedAt: createdAt + secondsToFail * 1000,
      exitCode,
    });
  let tasks = several(10, () => failed(start));
  const probes: number[] = [];
  for (let at = start + MINUTE; at < start + hours * HOUR; at += MINUTE) {
    tasks = tasks.filter((task) => task.stoppedAt > at - HOUR);
    const stopped = tasks.filter((task) => task.stoppedAt <= at);
    const active = tasks
      .filter((task) => task.stoppedAt > at)
      .map(({ createdAt }) => exampleActive({ createdAt, startedAt: createdAt }));
    const state = revisionBrake({ at, active, stopped }, 'photos:7');
    expect(state === 'off' && stopped.length >= FAILURES_TO_BRAKE).toBe(false);
    if (state === 'off' && active.length < 10)
      throw new Error(`released after ${(at - start) / MINUTE} minutes`);
    if (state !== 'probe') continue;
    probes.push((at - start) / MINUTE);
    tasks.push(failed(at + 1_000));
  }
  return probes;
}

describe('while every task fails for half a day, the brake', () => {
  test('probes at doubling intervals up to 15 minutes, also when ECS forgets old tasks', () => {
    const probes = probesOf(12, 10);
    const intervals = probes.map((minute, index) => minute - (probes[index - 1] ?? 0));
    expect(intervals.slice(0, 6)).toEqual([2, 3, 5, 9, 16, 16]);
    expect(new Set(intervals.slice(4))).toEqual(new Set([16]));
  });

  test.each([45, 110, 290])('stays on with tasks that take %i seconds to fail', (secondsToFail) => {
    const probes = probesOf(12, secondsToFail);
    expect(probes.length).toBeGreaterThan(30);
    expect(probes.length).toBeLessThan(60);
  });

  test('sends single tasks at growing intervals through an outage, each of which exits 75', () => {
    const probes = probesOf(12, 615, 75);
    const waits = probes.map((minute, index) => minute - (probes[index - 1] ?? 0) - 10.25);
    expect(waits.slice(0, 6).map(Math.floor)).toEqual([1, 2, 4, 8, 15, 15]);
    expect(Math.max(...waits)).toBeLessThan(17);
  });
});

describe('judge', () => {
  test.each([
    ['progress', 'it ended idle, drained or aged', { exitCode: 0 }],
    ['progress', 'it finished jobs before its error', { exitCode: 3 }],
    [
      'progress',
      'it drained when Spot was interrupted',
      { exitCode: 0, stopCode: 'SpotInterruption' },
    ],
    ['failure', 'an error came before any job was done', { exitCode: 1 }],
    ['failure', 'its environment is wrong', { exitCode: 2 }],
    ['failure', 'the destination fails for everybody', { exitCode: 75 }],
    ['failure', 'it was killed for memory soon after its start', { exitCode: 137 }],
    [
      'failure',
      'its image cannot be pulled',
      { stopCode: 'TaskFailedToStart', exitCode: undefined },
    ],
    ['failure', 'its container ended without any exit code', { exitCode: undefined }],
    [
      'inconclusive',
      'it was killed after it had outlived every outage',
      { exitCode: 137, startedAt: NOW - 14 * MINUTE, stoppedAt: NOW - MINUTE },
    ],
    [
      'failure',
      'it says itself that it met an outage, however long it lived',
      { exitCode: 75, startedAt: NOW - 40 * MINUTE, stoppedAt: NOW - MINUTE },
    ],
    [
      'inconclusive',
      'there was no room for it',
      { stopCode: 'TaskFailedToStart', startFault: 'lack-of-capacity' },
    ],
    [
      'inconclusive',
      'its subnet was full',
      { stopCode: 'TaskFailedToStart', startFault: 'no-addresses' },
    ],
    [
      'inconclusive',
      'a secret was missing',
      { stopCode: 'TaskFailedToStart', startFault: 'resources-unavailable' },
    ],
    [
      'inconclusive',
      'Spot was interrupted and it was killed',
      { stopCode: 'SpotInterruption', exitCode: 137 },
    ],
    ['inconclusive', 'a user stopped it', { stopCode: 'UserInitiated', exitCode: 1 }],
    ['inconclusive', 'AWS retired its host', { stopCode: 'TerminationNotice', exitCode: 143 }],
    [
      'inconclusive',
      'ECS sends a stop code that is not known here',
      { stopCode: 'Moonlight', exitCode: 1 },
    ],
  ])(
    'says %s when %s',
    (verdict, _reason, { exitCode = undefined, ...changes }: Record<string, unknown>) => {
      const { exitCode: _, ...task } = exampleStopped(changes);
      expect(judge(typeof exitCode === 'number' ? { ...task, exitCode } : task)).toBe(verdict);
    },
  );
});
