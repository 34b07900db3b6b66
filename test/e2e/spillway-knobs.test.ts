import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invokeScaler } from '../../local/run/scaler-calls';
import { messagesIn } from '../emulator/outcome';
import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';
import { eventually } from '../fakes/eventually';
import { spillway } from './spillway-child';

const PHOTO = join(__dirname, '..', '..', 'samples', 'astronaut.jpg');

/** Deploys the function with other variables. */
async function redeployScaler(
  { clients: { lambda }, pipeline }: PipelineUnderTest,
  more: Variables,
) {
  const FunctionName = pipeline.scalerFunctionName;
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
  const Variables = { ...Environment?.Variables, ...more };
  await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
}

type Variables = Readonly<Record<string, string>>;

describe('spillway status, set, pause and resume, on an emulator', () => {
  let underTest: PipelineUnderTest;
  beforeAll(async () => {
    underTest = await openPipeline({ jobsPerTask: 1, idleExitSeconds: 5 });
  }, 120_000);
  afterAll(() => underTest?.close());

  const run = async (...words: string[]) => {
    const ended = await spillway([...words, '--local', underTest.pipeline.endpoint]);
    expect(ended).toMatchObject({ code: 0, err: '' });
    return ended.out;
  };
  const upload = async (photos: number) => {
    const { sourceBucket: Bucket, sourcePrefix } = underTest.pipeline;
    const Body = await readFile(PHOTO);
    for (let index = 0; index < photos; index += 1)
      await underTest.clients.s3.putObject({ Bucket, Key: `${sourcePrefix}${index}.jpg`, Body });
  };
  const depth = () => messagesIn(underTest.clients, underTest.pipeline.queueUrl);
  const send = () =>
    underTest.clients.sqs.sendMessage({
      QueueUrl: underTest.pipeline.queueUrl,
      MessageBody: '{"Event":"s3:TestEvent"}',
    });

  test(
    'status tells queue, knobs, promoted revision, and that the scaler has not ' + 'run',
    async () => {
      const out = await run('status');
      expect(out).toMatch(/^backlog +\d+$/m);
      expect(out).toMatch(/^dead letters +0$/m);
      expect(out).toContain(`promoted      ${underTest.pipeline.taskFamily}:1`);
      expect(out).toMatch(/^jobs-per-task +1$/m);
      expect(out).toContain('none of the last day in the log of the scaler');
    },
  );

  test('a knob holds for the next run of the scaler until it is configured again', async () => {
    expect(await run('set', 'max-tasks', '0')).toContain('is 0 instead of the configured 10.');
    await send();
    await invokeScaler(underTest.pipeline);
    const held = JSON.parse(await run('status', '--json'));
    expect(held.knobs['max-tasks']).toEqual({
      value: '0',
      configured: '10',
      isOverridden: true,
      isInForce: true,
    });
    expect(held.lastRun).toMatchObject({ action: 'hold', because: 'at-max', launched: 0 });
    expect(await run('set', 'max-tasks', 'configured')).toContain('is 10, as configured.');
  });

  describe.each<[string, Readonly<Record<string, string>>, RegExp, number]>([
    ['steps', { STEPS: '1:1,3:2' }, /^4 jobs on the step from 3: 2 tasks$/, 2],
    [
      // By the configured time each job would have a task of its own.
      'drain-within, by the measured time of the jobs before',
      { DRAIN_WITHIN_MINUTES: '60', JOB_SECONDS: '7200', JOBS_AT_A_TIME: '1' },
      /^4 jobs at [\d.]+ s on 1 at a time: 1 task for 60 minutes$/,
      1,
    ],
  ])('with the policy %s,', (policy, variables, reckoning, tasks) => {
    const [SCALING_POLICY = ''] = policy.split(',');
    beforeAll(async () => {
      await underTest.quiet();
      await redeployScaler(underTest, { SCALING_POLICY, ...variables });
    }, 60_000);

    test('tasks are launched for what the jobs are worth, and status says why', async () => {
      await upload(4);
      await eventually(async () => (await depth()) === 4);
      expect(await underTest.scale()).toMatchObject({ decided: { desired: tasks } });
      const { lastRun } = JSON.parse(await run('status', '--json'));
      expect(lastRun).toMatchObject({ action: 'launch', launched: tasks });
      expect(lastRun.reckoning).toMatch(reckoning);
      await underTest.quiet();
    }, 60_000);
  });

  test('a pause holds launches, a resume launches at once, and pause --wait returns when ' +
    'no task runs', async () => {
    await run('pause');
    await send();
    expect(await invokeScaler(underTest.pipeline)).toMatchObject({
      decided: { because: 'disabled' },
    });
    await run('resume');
    // The log of a run may come after its answer.
    const resumed = await eventually(async () => {
      const told = JSON.parse(await run('status', '--json'));
      return told.lastRun.action === 'launch' && told;
    });
    expect(resumed.isPaused).toBe(false);
    const paused = await run('pause', '--wait');
    expect(paused).toContain('is paused, and no task runs.');
    expect(underTest.runner.tasks().length).toBeGreaterThan(0);
    expect(underTest.runner.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED')).toEqual(
      [],
    );
  }, 150_000);

  test.each([
    [['set', 'max-task', '5'], 2, 'Did you mean max-tasks?'],
    [['set', 'max-tasks', '6000'], 2, 'a whole number from 0 to 5000 tasks, but "6000" was given'],
    [['status', '-e', 'dev'], 2, 'say either --local URL or --environment NAME'],
    [['status', '-p', 'unknown'], 1, 'There is no function spillway-local-unknown-scaler'],
  ] as const)('fails with one sentence on %j', async (words, code, sentence) => {
    const ended = await spillway([...words, '--local', underTest.pipeline.endpoint]);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(sentence);
    expect(ended.err.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    ['https://example.com', 2, '--local must be an http URL of this machine'],
    ['http://127.0.0.1:9', 1, 'that local run has ended'],
  ])('fails on --local %s', async (url, code, sentence) => {
    const ended = await spillway(['status', '--local', url, '-p', 'photos']);
    expect(ended).toMatchObject({ code, err: expect.stringContaining(sentence) });
  });
});
