import type { JobLine } from '../../application-code/worker/src/log-lines';
import { createJobMetrics } from '../../lambda/scaler/aws/job-metrics';
import { clientSettings } from '../aws/clients';
import { startLoopbackServer, writeAnswer } from './aws-http';
import { JobSums } from './job-sums';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 2, 10, 14, 5, 30);
const BEGIN = NOW - 30_000;

const job = (total: number, outcome: JobLine['outcome'] = 'done'): JobLine => ({
  event: 'job',
  outcome,
  messageId: 'm',
  receiveCount: 1,
  milliseconds: { wait: 0, read: 0, render: 0, write: 0, total },
});

test('the scaler reads what the jobs of each minute took, of those that were done', async () => {
  let now = NOW - 61 * MINUTE;
  const sums = new JobSums(() => now);
  sums.add(job(9_999));
  now = NOW - MINUTE;
  for (const milliseconds of [100, 140]) sums.add(job(milliseconds));
  sums.add(job(30_000, 'released'));
  now = NOW;
  sums.add(job(300));
  const server = await startLoopbackServer((request, outgoing) =>
    writeAnswer(outgoing, sums.answer(request)),
  );
  try {
    const metrics = createJobMetrics(clientSettings(server.endpoint), {
      environment: 'local',
      pipeline: 'photos',
    });
    expect(await metrics.recent(NOW)).toEqual([
      { at: BEGIN - MINUTE, jobs: 2, milliseconds: 240 },
      { at: BEGIN, jobs: 1, milliseconds: 300 },
    ]);
  } finally {
    await server.stop();
  }
});
