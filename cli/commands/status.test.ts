import { fakePipeline, PATH } from '../../test/fakes/cli/fake-pipeline';
import { NOW, runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

const TASKS = { FARGATE: 1, FARGATE_SPOT: 2 };
const LINE = {
  timestamp: new Date(NOW - 20_000).toISOString(),
  event: 'scale',
  decided: { action: 'launch', because: 'shortfall', desired: 3, tasks: TASKS },
  done: { launched: { FARGATE: 1, FARGATE_SPOT: 2 }, reasons: [] },
};

describe('spillway status', () => {
  test('shows queues, tasks, knobs, the promoted revision and the last run', async () => {
    const { pipeline, account, letters, values } = fakePipeline();
    pipeline.depth = { backlog: 120, inFlight: 30, delayed: 2 };
    pipeline.fleets = [
      { FARGATE: { running: 2, pending: 1 }, FARGATE_SPOT: { running: 5, pending: 0 } },
    ];
    pipeline.oldest = async () => 240;
    pipeline.lastRun = async () => LINE;
    letters.put('a');
    values.set(`${PATH}max-tasks`, '50');
    const { text } = await runCommand('status', { account });
    expect(text.split('\n')).toEqual([
      'photos in dev (eu-central-1)',
      '',
      'backlog       120',
      'in flight     30',
      'delayed       2',
      'oldest        4 minutes',
      'dead letters  1: `npx spillway dlq list -e dev -p photos`',
      'tasks         FARGATE: 2 running, 1 pending',
      '              FARGATE_SPOT: 5 running, 0 pending',
      'promoted      spillway-dev-photos-worker:5',
      'last run      just now: launch (shortfall), 3 desired, 3 launched',
      '',
      'KNOB                  VALUE  CONFIGURED',
      'enabled               true',
      'max-tasks             50     10',
      'min-tasks             0',
      'jobs-per-task         100',
      'steps                 -      not in force: counts with steps',
      'drain-within-minutes  -      not in force: counts with drain-within',
      'on-demand-base        2',
      'on-demand-weight      1',
      'spot-weight           4',
    ]);
  });

  test('says what it does not know, and why', async () => {
    const { pipeline, account } = fakePipeline();
    pipeline.depth = { backlog: 1, inFlight: 0, delayed: 0 };
    pipeline.oldest = async () => {
      throw Object.assign(new Error('not yours'), { name: 'AccessDenied' });
    };
    const { text } = await runCommand('status', { account });
    expect(text).toContain('oldest        unknown: AccessDenied: not yours');
    expect(text).toContain('last run      none of the last day in the log of the scaler');
  });

  test('looks further back for the last run of a slow schedule', async () => {
    const { pipeline, account } = fakePipeline();
    const looked: number[] = [];
    pipeline.lastRun = async (_name, from) => {
      looked.push(NOW - from.getTime());
      return undefined;
    };
    await runCommand('status', { account });
    expect(looked).toEqual([10 * 60_000, 24 * 3_600_000]);
  });

  test('prints one JSON document', async () => {
    const { pipeline, account, values } = fakePipeline();
    values.set(`${PATH}enabled`, 'false');
    values.set(`${PATH}task-definition`, 'none');
    pipeline.lastRun = async () => ({ timestamp: 'x', error: 'No task is launched.' });
    const document = JSON.parse((await runCommand('status --json', { account })).text);
    expect(document).toMatchObject({
      environment: 'dev',
      pipeline: 'photos',
      backlog: 0,
      oldestMessageSeconds: null,
      deadLetters: 0,
      isPaused: true,
      promoted: null,
      lastRun: { action: 'fail', error: 'No task is launched.', launched: 0 },
    });
    expect(document.knobs.enabled).toEqual({
      value: 'false',
      configured: 'true',
      isOverridden: true,
      isInForce: true,
    });
  });

  test('says that a value is wrong, with which the scaler launches nothing', async () => {
    const { account, values } = fakePipeline();
    values.set(`${PATH}max-tasks`, 'ten');
    const { text } = await runCommand('status', { account });
    expect(text).toMatch(
      /max-tasks +ten +10 +must be `configured` or a whole number from 0 to 5000/,
    );
  });
});

describe('spillway pause and resume', () => {
  test('pause holds launches, resume restores the configuration and runs the scaler', async () => {
    const { account, values, invocations } = fakePipeline();
    expect((await runCommand('pause', { account })).text).toContain('photos in dev is paused.');
    expect(values.get(`${PATH}enabled`)).toBe('false');
    expect((await runCommand('status', { account })).text).toContain(
      'Paused: nothing is launched.',
    );
    await runCommand('resume', { account });
    expect(values.get(`${PATH}enabled`)).toBe('configured');
    expect(invocations).toHaveLength(1);
  });

  test('resume launches also where the deployed configuration holds', async () => {
    const { account, values, pipeline } = fakePipeline();
    pipeline.variables = { ...pipeline.variables, ENABLED: 'false' };
    await runCommand('resume', { account });
    expect(values.get(`${PATH}enabled`)).toBe('true');
  });

  test('resume takes a failed run of the scaler for what its schedule does anyway', async () => {
    const { account, pipeline } = fakePipeline();
    pipeline.scale = async () => {
      throw new Error('throttled');
    };
    const { warnings, text } = await runCommand('resume', { account });
    expect(warnings).toContain('could not be run at once (throttled)');
    expect(text).toContain('launches tasks again');
  });

  test('runs the scaler in its present minute, by an id that no other run has', async () => {
    const { account, invocations } = fakePipeline();
    const { warnings } = await runCommand('resume', { account });
    await runCommand('resume', { account });
    expect(invocations.map((event) => event.scheduledTime)).toEqual(
      [NOW, NOW].map((at) => new Date(at).toISOString()),
    );
    expect(new Set(invocations.map((event) => event.invocationId)).size).toBe(2);
    expect(warnings).toBe('');
  });

  test('resume says so when the deployed scaler is too old to know a run by hand', async () => {
    const { account, pipeline } = fakePipeline();
    pipeline.scale = async ({ scheduledTime }) => ({ scheduledMinute: scheduledTime });
    const { warnings, text } = await runCommand('resume', { account });
    expect(warnings).toContain('The deployed scaler is older than this command');
    expect(text).toContain('launches tasks again');
  });

  test('pause stops the tasks that are kept warm, and those that a late run launches', async () => {
    const { account, clock, pipeline } = fakePipeline();
    pipeline.warm = [3, 0, 2];
    await runCommand('pause', { account });
    expect(pipeline.stoppedWarm).toBe(3);
    await runCommand('pause --wait', { account, clock });
    expect(pipeline.stoppedWarm).toBe(5);
  });

  test('pause --wait returns when no task runs, pends, stops or can be on its way', async () => {
    const { account, pipeline, clock } = fakePipeline();
    const one = { running: 1, pending: 0 };
    const none = { running: 0, pending: 0 };
    pipeline.fleets = [
      { FARGATE: one, FARGATE_SPOT: none },
      { FARGATE: none, FARGATE_SPOT: { running: 0, pending: 1 } },
    ];
    pipeline.stopping = [0, 0, 0, 1];
    const { text, shown } = await runCommand('pause --wait', { account, clock });
    expect(text).toContain('is paused, and no task runs.');
    expect(clock.now - NOW).toBe(60_000);
    expect(shown.slice(0, 3)).toEqual([
      'paused, waiting for 1 task, 0 s',
      'paused, waiting for 1 task, 5 s',
      'paused, waiting for a run of the scaler that may still launch tasks, 10 s',
    ]);
  });

  test('pause --wait sees tasks of a run of the scaler that began before the pause', async () => {
    const { account, pipeline, clock } = fakePipeline();
    const { stopping } = account.tasks;
    account.tasks.stopping = async () =>
      clock.now - NOW >= 30_000 && clock.now - NOW < 90_000 ? 1 : stopping();
    pipeline.fleets = [];
    await runCommand('pause --wait', { account, clock });
    expect(clock.now - NOW).toBe(95_000);
  });

  test('pause --wait takes a single look without a task for a list that was late', async () => {
    const { account, pipeline, clock } = fakePipeline();
    pipeline.stopping = Array.from({ length: 20 }, (_, look) => (look === 14 ? 0 : 1));
    await runCommand('pause --wait', { account, clock });
    expect(clock.now - NOW).toBe(105_000);
  });

  test('pause --wait stays paused when the wait is stopped', async () => {
    const { account, pipeline, values } = fakePipeline();
    pipeline.fleets = [
      { FARGATE: { running: 3, pending: 0 }, FARGATE_SPOT: { running: 0, pending: 0 } },
    ];
    const { error } = await tryCommand('pause --wait', { account, stop: AbortSignal.abort() });
    expect(error).toMatchObject({
      name: 'InterruptError',
      message: expect.stringContaining('did not wait for 3 tasks'),
    });
    expect(values.get(`${PATH}enabled`)).toBe('false');
  });
});
