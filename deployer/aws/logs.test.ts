import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from '@jest/globals';
import {
  type Answers,
  type AwsDouble,
  clientOptions,
  startAwsDouble,
} from '../../lambda/scaler/aws/aws-double';
import { createTaskLogs } from './logs';

let double: AwsDouble;
const tail = async (answers: Answers) => {
  double = await startAwsDouble(answers);
  return createTaskLogs(new CloudWatchLogsClient(clientOptions(double))).tail('group', 'worker/worker/1', 20);
};
afterEach(() => double.stop());

test('the last lines of a stream are read', async () => {
  const events = [{ message: 'one\n' }, { message: 'two' }];
  expect(await tail({ GetLogEvents: () => ({ body: { events } }) })).toEqual(['one', 'two']);
  expect(double.calls[0]?.input).toEqual({
    logGroupName: 'group',
    logStreamName: 'worker/worker/1',
    limit: 20,
    startFromHead: false,
  });
});

test('a stream that does not exist yet has no lines', async () => {
  expect(await tail({ GetLogEvents: () => ({ status: 400, type: 'ResourceNotFoundException' }) })).toEqual(
    [],
  );
});

test('fails when the logs may not be read', async () => {
  const denied = { status: 400, type: 'AccessDeniedException', message: 'no' };
  await expect(tail({ GetLogEvents: () => denied })).rejects.toThrow('no');
});
