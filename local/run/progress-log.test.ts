import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createJobs } from '../../cli/aws/jobs';
import { clientSettings } from '../aws/clients';
import { callLogs } from '../aws/json-calls';
import { startEmulator } from '../emulator/start-emulator';
import { logGroupOf, ProgressLog } from './progress-log';

test('`spillway status` finds in the log how far the jobs of a local run are', async () => {
  const { endpoint, stop } = await startEmulator();
  const pipeline = { endpoint, parameterPath: '/spillway/local/films/' };
  const faults: unknown[] = [];
  const now = Date.now();
  const log = new ProgressLog(
    pipeline,
    (error) => faults.push(error),
    () => now,
  );
  const client = new CloudWatchLogsClient(clientSettings(endpoint));
  try {
    const job = { event: 'progress', jobId: 'a', key: 'ecsproc/Été 1.mov' } as const;
    log.write({ ...job, fraction: 0.1, text: 'first scene' });
    log.write({ ...job, fraction: 0.4, text: 'poster' });
    await log.close();
    const read = await createJobs(client).progress(logGroupOf(pipeline), new Date(now - 1));
    expect(read).toEqual([{ key: job.key, fraction: 0.4, text: 'poster', at: now }]);
    expect(faults).toEqual([]);

    await callLogs(endpoint, 'DeleteLogGroup', { logGroupName: logGroupOf(pipeline) });
    log.write({ ...job, fraction: 0.5, text: '' });
    await log.close();
    expect(String(faults)).toContain('PutLogEvents was refused');
  } finally {
    client.destroy();
    await stop();
  }
}, 60_000);
