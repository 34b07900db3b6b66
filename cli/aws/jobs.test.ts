import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type Answers, clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { createJobs } from './jobs';

let aws: FakeAws | undefined;
afterEach(() => aws?.stop());

const progressOf = async (answers: Answers) => {
  aws = await FakeAws.start(answers);
  const jobs = createJobs(new CloudWatchLogsClient(clientOptions(aws)));
  return jobs.progress('/spillway/dev/films/worker', new Date(60_000));
};
const line = (jobId: string, fraction: number) =>
  JSON.stringify({ event: 'progress', jobId, key: `in/${jobId}`, fraction, text: 'frames' });

test('the newest progress of each job is found among the lines of all pages', async () => {
  const found = await progressOf({
    FilterLogEvents: ({ nextToken }) => ({
      body: nextToken
        ? { events: [{ timestamp: 70_000, message: line('a', 0.5) }] }
        : {
            nextToken: 'more',
            events: [
              { timestamp: 61_000, message: line('a', 0.1) },
              { timestamp: 75_000, message: line('b', 0.9) },
              { timestamp: 74_000, message: line('b', 0.8) },
              { timestamp: 76_000, message: '{"event":"job","text":"progress"}' },
              { timestamp: 77_000, message: 'a crash in progress' },
            ],
          },
    }),
  });
  expect(found).toEqual([
    { key: 'in/a', fraction: 0.5, text: 'frames', at: 70_000 },
    { key: 'in/b', fraction: 0.9, text: 'frames', at: 75_000 },
  ]);
  expect(aws?.calls[0]?.input).toMatchObject({
    logGroupName: '/spillway/dev/films/worker',
    startTime: 60_000,
    filterPattern: '{ $.event = "progress" }',
  });
});

test('a pipeline without a log of its tasks has no progress', async () => {
  const missing = { status: 400, type: 'ResourceNotFoundException' };
  expect(await progressOf({ FilterLogEvents: () => missing })).toEqual([]);
});
