import { exampleStopped, MINUTE, NOW } from './examples';
import { judge } from './stopped-task';

describe('judge', () => {
  it.each([
    ['progress', 'it ended idle, drained or aged', { exitCode: 0 }],
    ['progress', 'it finished jobs before its error', { exitCode: 3 }],
    ['progress', 'it drained when Spot was interrupted', { exitCode: 0, stopCode: 'SpotInterruption' }],
    ['failure', 'an error came before any job was done', { exitCode: 1 }],
    ['failure', 'its environment is wrong', { exitCode: 2 }],
    ['failure', 'the destination fails for everybody', { exitCode: 75 }],
    ['failure', 'it was killed for memory soon after its start', { exitCode: 137 }],
    ['failure', 'its image cannot be pulled', { stopCode: 'TaskFailedToStart', exitCode: undefined }],
    ['failure', 'its container ended without any exit code', { exitCode: undefined }],
    [
      'inconclusive',
      'it was killed after it had worked for five minutes',
      { exitCode: 137, startedAt: NOW - 6 * MINUTE, stoppedAt: NOW - MINUTE },
    ],
    [
      'failure',
      'it says itself that it did nothing in five minutes',
      { exitCode: 75, startedAt: NOW - 6 * MINUTE, stoppedAt: NOW - MINUTE },
    ],
    ['inconclusive', 'there was no room for it', { stopCode: 'TaskFailedToStart', lackOfCapacity: true }],
    [
      'inconclusive',
      'Spot was interrupted and it was killed',
      { stopCode: 'SpotInterruption', exitCode: 137 },
    ],
    ['inconclusive', 'a user stopped it', { stopCode: 'UserInitiated', exitCode: 1 }],
    ['inconclusive', 'AWS retired its host', { stopCode: 'TerminationNotice', exitCode: 143 }],
    ['inconclusive', 'ECS gives a stop code that is not known here', { stopCode: 'Moonlight', exitCode: 1 }],
  ])('says %s when %s', (verdict, _reason, { exitCode = undefined, ...changes }: Record<string, unknown>) => {
    const { exitCode: _, ...task } = exampleStopped(changes);
    expect(judge(typeof exitCode === 'number' ? { ...task, exitCode } : task)).toBe(verdict);
  });
});
