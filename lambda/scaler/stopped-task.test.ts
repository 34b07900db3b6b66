import { exampleStopped, MINUTE, NOW } from '../../test/fakes/scaler/examples';
import { judge } from './stopped-task';

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
