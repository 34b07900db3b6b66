import { fakePipeline, NO_FLEET } from '../../test/fakes/cli/fake-pipeline';
import { NOW, runCommand } from '../../test/fakes/cli/fake-session';

test('status shows how far jobs are, the newest word first', async () => {
  const { pipeline, account } = fakePipeline();
  const looked: unknown[] = [];
  pipeline.progress = async (group, from) => {
    looked.push([group, NOW - from.getTime()]);
    return [3, 9, 1, 2, 4, 8, 7].map((seconds) => ({
      ...{ key: `in/${seconds}\u001b.zip`, fraction: seconds / 10, text: 'frames' },
      at: NOW - seconds * 1_000,
    }));
  };
  const { text } = await runCommand('status', { account });
  expect(text).toContain(
    'in progress   in/1\\u001b.zip: 10 % frames (1 s ago)\n              in/2',
  );
  expect(text).toContain('in/7\\u001b.zip: 70 % frames (7 s ago)\n              and 2 more\n');
  expect(looked).toEqual([['/spillway/dev/photos/worker', 60_000]]);
  const { jobs } = JSON.parse((await runCommand('status --json', { account })).text);
  expect(jobs).toHaveLength(7);
  expect(jobs[0]).toMatchObject({ key: 'in/1\u001b.zip', fraction: 0.1, text: 'frames' });
});

test('status shows what the last run made of the jobs, and what it could not have', async () => {
  const { pipeline, account } = fakePipeline();
  const reckoning = '4,200 jobs at 0.11 s on 12 at a time: 3 tasks for 15 minutes';
  pipeline.lastRun = async () => ({
    timestamp: new Date(NOW - 60_000).toISOString(),
    decided: { action: 'launch', because: 'shortfall', desired: 3 },
    reckoning,
    lacking: { tasks: 2, because: ['vcpu-quota', 'no-addresses'] },
  });
  const { text } = await runCommand('status', { account });
  expect(text).toContain(`reckoned      ${reckoning}\nlacking       2 tasks: vcpu-quota; no-addr`);
  const { lastRun } = JSON.parse((await runCommand('status --json', { account })).text);
  expect(lastRun).toMatchObject({ reckoning, lacking: { tasks: 2 } });
});

test('status tells samples that wait for their part from jobs that are worked on', async () => {
  const { pipeline, account } = fakePipeline();
  pipeline.depth = { backlog: 0, inFlight: 950, delayed: 0 };
  pipeline.fleets = [{ ...NO_FLEET, FARGATE: { running: 1, pending: 0 } }];
  expect((await runCommand('status', { account })).text).toContain('in flight     950\n');
  pipeline.variables = { ...pipeline.variables, SHARD_SAMPLES: '1000', JOBS_AT_A_TIME: '20' };
  pipeline.fleets = [{ ...NO_FLEET, FARGATE: { running: 1, pending: 0 } }];
  expect((await runCommand('status', { account })).text).toContain(
    'in flight     950, at least 930 of them samples that wait for their part\n',
  );
});

describe('status of a pipeline that uploads wake', () => {
  const woken = () => {
    const fake = fakePipeline();
    const { pipeline } = fake;
    pipeline.variables = { ...pipeline.variables, WAKE_TASKS: '1' };
    pipeline.lastRun = async (_name, _from, kind) =>
      kind === 'scale'
        ? undefined
        : { timestamp: new Date(NOW - 60_000).toISOString(), ...DECIDED };
    return fake;
  };
  const DECIDED = {
    decided: { action: 'launch', because: 'wake-up' },
    done: { launched: { FARGATE: 1, FARGATE_SPOT: 0 } },
  };

  test('shows the last wake-up beside the last run', async () => {
    const { account } = woken();
    const { text } = await runCommand('status', { account });
    expect(text).toContain('last run      none of the last day in the log of the scaler');
    expect(text).toContain('last wake-up  1 minute ago: launch (wake-up), 1 launched');
    const json = JSON.parse((await runCommand('status --json', { account })).text);
    expect(json).toMatchObject({ lastRun: null, lastWakeUp: { because: 'wake-up', launched: 1 } });
  });

  test('says why the last wake-up is unknown, and looks for none that cannot be', async () => {
    const { account, pipeline } = woken();
    pipeline.lastRun = () => Promise.reject(new Error('denied'));
    expect((await runCommand('status', { account })).text).toContain(
      'last wake-up  unknown: Error: denied',
    );
    const looked: string[] = [];
    const scheduled = fakePipeline();
    scheduled.pipeline.lastRun = async (_name, _from, kind) => void looked.push(kind);
    const { text } = await runCommand('status', { account: scheduled.account });
    expect(text).not.toContain('last wake-up');
    expect(new Set(looked)).toEqual(new Set(['scale']));
  });
});
