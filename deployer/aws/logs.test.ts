import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Answers } from '../../test/fakes/aws-server';
import { fakePort } from '../../test/fakes/aws-server';
import { createTaskLogs } from './logs';

const { open, calls } = fakePort((options) => createTaskLogs(new CloudWatchLogsClient(options)));
const tail = async (answers: Answers) => (await open(answers)).tail('group', 'worker/worker/1', 20);

test('the last lines of a stream are read', async () => {
  const events = [{ message: 'one\n' }, { message: 'two' }];
  expect(await tail({ GetLogEvents: () => ({ body: { events } }) })).toEqual(['one', 'two']);
  expect(calls()[0]?.input).toEqual({
    logGroupName: 'group',
    logStreamName: 'worker/worker/1',
    limit: 20,
    startFromHead: false,
  });
});

test('a stream that does not exist yet has no lines', async () => {
  expect(
    await tail({ GetLogEvents: () => ({ status: 400, type: 'ResourceNotFoundException' }) }),
  ).toEqual([]);
});

test('fails when the logs may not be read', async () => {
  const denied = { status: 400, type: 'AccessDeniedException', message: 'no' };
  await expect(tail({ GetLogEvents: () => denied })).rejects.toThrow('no');
});
