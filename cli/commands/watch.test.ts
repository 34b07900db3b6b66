import { fakePipeline, NO_FLEET, PATH } from '../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

const BUSY = { ...NO_FLEET, FARGATE: { running: 1, pending: 0 } };

describe('spillway watch', () => {
  test('prints a line for each change, until nothing waits and no task runs', async () => {
    const { account, pipeline, clock } = fakePipeline();
    pipeline.depth = { backlog: 7, inFlight: 0, delayed: 0 };
    pipeline.fleets = [BUSY, BUSY, BUSY];
    let looks = 0;
    const onSleep = () => {
      looks += 1;
      if (looks === 2) pipeline.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    };
    const { text } = await runCommand('watch --until-idle', { account, clock, onSleep });
    expect(text.split('\n')).toEqual([
      '12:00:00Z backlog 7, in flight 0, tasks 1 running 0 pending, dead letters 0',
      '12:00:04Z backlog 0, in flight 0, tasks 1 running 0 pending, dead letters 0',
      '12:00:06Z backlog 0, in flight 0, tasks 0 running 0 pending, dead letters 0',
    ]);
  });

  test('prints one JSON document a line', async () => {
    const { text } = await runCommand('watch --until-idle --json --every 5', {
      account: fakePipeline().account,
    });
    const lines = text.split('\n').map((line) => JSON.parse(line));
    expect(lines.map(({ at }) => at).slice(0, 2)).toEqual([
      '2026-01-10T12:00:00.000Z',
      '2026-01-10T12:00:05.000Z',
    ]);
  });

  test('--until-idle waits for a quiet minute, since counts may be late', async () => {
    const { account, pipeline, clock } = fakePipeline();
    const from = clock.now;
    // A message shows up half a minute after the queue seemed empty.
    const onSleep = () => {
      const isLate = clock.now - from >= 30_000 && clock.now - from < 40_000;
      pipeline.depth = { backlog: 0, inFlight: isLate ? 1 : 0, delayed: 0 };
    };
    pipeline.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    await runCommand('watch --until-idle', { account, clock, onSleep });
    expect(clock.now - from).toBe(100_000);
  });

  test.each([
    [
      'no image has been promoted yet',
      'task-definition',
      'none',
      'npx spillway doctor -e dev -p photos',
    ],
    ['the pipeline is paused', 'enabled', 'false', 'npx spillway resume -e dev -p photos'],
  ])(
    '--until-idle fails when messages wait forever, since %s',
    async (reason, name, value, command) => {
      const { account, pipeline, values } = fakePipeline();
      pipeline.depth = { backlog: 3, inFlight: 0, delayed: 0 };
      values.set(`${PATH}${name}`, value);
      const { error } = await tryCommand('watch --until-idle', { account });
      expect(error).toMatchObject({
        name: 'RefusalError',
        message: expect.stringContaining(`3 messages of photos will wait forever: ${reason}`),
      });
      expect(String(error)).toContain(command);
    },
  );

  test('--until-idle waits for tasks that finish their jobs during a pause', async () => {
    const { account, pipeline, values } = fakePipeline();
    values.set(`${PATH}enabled`, 'false');
    pipeline.depth = { backlog: 1, inFlight: 1, delayed: 0 };
    pipeline.fleets = [BUSY];
    const onSleep = () => {
      pipeline.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    };
    const { error } = await tryCommand('watch --until-idle', { account, onSleep });
    expect(error).toBeUndefined();
  });

  test('asks seldom for what changes slowly', async () => {
    const { account, pipeline } = fakePipeline();
    let asked = 0;
    pipeline.oldest = async () => {
      asked += 1;
      return 5;
    };
    pipeline.fleets = Array(40).fill(BUSY);
    await runCommand('watch --until-idle', { account });
    expect(asked).toBe(5);
  });

  test('continues after a look that failed, and reports it', async () => {
    const { account, pipeline } = fakePipeline();
    let failures = 0;
    const fleet = async () => {
      failures += 1;
      if (failures <= 2)
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return NO_FLEET;
    };
    pipeline.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    const { warnings, error } = await tryCommand('watch --until-idle', {
      account: { ...account, tasks: { ...account.tasks, fleet } },
    });
    expect(error).toBeUndefined();
    expect(warnings).toContain('A look failed, and is tried again: AWS is asked too often');
  });

  test('fails after three looks in a row that failed', async () => {
    const { account } = fakePipeline();
    const fleet = async () => {
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    };
    const { error } = await tryCommand('watch', {
      account: { ...account, tasks: { ...account.tasks, fleet } },
    });
    expect(error).toMatchObject({ name: 'ThrottlingException' });
  });

  test('ends without an error when it is asked to', async () => {
    const { error } = await tryCommand('watch', {
      account: fakePipeline().account,
      stop: AbortSignal.abort(),
    });
    expect(error).toBeUndefined();
  });

  test('--until-idle fails when it is stopped early, so that nothing runs after it', async () => {
    const { account, pipeline } = fakePipeline();
    pipeline.fleets = [BUSY];
    const asked = new AbortController();
    const onSleep = () => asked.abort();
    const { error } = await tryCommand('watch --until-idle', {
      account,
      stop: asked.signal,
      onSleep,
    });
    expect(error).toMatchObject({
      name: 'InterruptError',
      message: 'stopped before the pipeline was idle.',
    });
  });
});
