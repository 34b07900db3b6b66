import { invokeScaler } from '../../local/run/scaler-calls';
import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';
import { spillway } from './spillway-child';

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

  test('a pause holds launches, a resume launches at once, and pause --wait returns when ' +
    'no task runs', async () => {
    await run('pause');
    await send();
    expect(await invokeScaler(underTest.pipeline)).toMatchObject({
      decided: { because: 'disabled' },
    });
    await run('resume');
    const resumed = JSON.parse(await run('status', '--json'));
    expect(resumed.lastRun).toMatchObject({ action: 'launch' });
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
