import { NO_FLEET, pipelineDouble } from '../pipeline-double';
import { runCommand, tryCommand } from '../session-double';

const BUSY = { ...NO_FLEET, FARGATE: { running: 1, pending: 0 } };

describe('spillway watch', () => {
  test('prints a line for each change, until nothing waits and no task runs', async () => {
    const { account, world, clock } = pipelineDouble();
    world.depth = { backlog: 7, inFlight: 0, delayed: 0 };
    world.fleets = [BUSY, BUSY, BUSY];
    let looks = 0;
    const onSleep = () => {
      looks += 1;
      if (looks === 2) world.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    };
    const { text } = await runCommand('watch --until-idle', { account, clock, onSleep });
    expect(text.split('\n')).toEqual([
      '12:00:00 backlog 7, in flight 0, tasks 1 running 0 pending, dead letters 0',
      '12:00:04 backlog 0, in flight 0, tasks 1 running 0 pending, dead letters 0',
      '12:00:06 backlog 0, in flight 0, tasks 0 running 0 pending, dead letters 0',
    ]);
  });

  test('prints one JSON document a line', async () => {
    const { text } = await runCommand('watch --until-idle --json --every 5', {
      account: pipelineDouble().account,
    });
    const lines = text.split('\n').map((line) => JSON.parse(line));
    expect(lines.map(({ at }) => at)).toEqual(['2026-01-10T12:00:00.000Z', '2026-01-10T12:00:05.000Z']);
  });

  test('asks seldom for what changes slowly', async () => {
    const { account, world } = pipelineDouble();
    let asked = 0;
    world.oldest = async () => {
      asked += 1;
      return 5;
    };
    world.fleets = Array(40).fill(BUSY);
    await runCommand('watch --until-idle', { account });
    expect(asked).toBe(3);
  });

  test('goes on after a look that failed, and tells of it', async () => {
    const { account, world } = pipelineDouble();
    let failures = 0;
    const fleet = async () => {
      failures += 1;
      if (failures <= 2) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return NO_FLEET;
    };
    world.depth = { backlog: 0, inFlight: 0, delayed: 0 };
    const { notes, error } = await tryCommand('watch --until-idle', {
      account: { ...account, tasks: { ...account.tasks, fleet } },
    });
    expect(error).toBeUndefined();
    expect(notes).toContain('A look failed, and is tried again: AWS is asked too often');
  });

  test('fails after three looks in a row that failed', async () => {
    const { account } = pipelineDouble();
    const fleet = async () => {
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    };
    const { error } = await tryCommand('watch', {
      account: { ...account, tasks: { ...account.tasks, fleet } },
    });
    expect(error).toMatchObject({ name: 'ThrottlingException' });
  });

  test('ends without a fault when somebody asks it to', async () => {
    const { error } = await tryCommand('watch', {
      account: pipelineDouble().account,
      stop: AbortSignal.abort(),
    });
    expect(error).toBeUndefined();
  });

  test('--until-idle fails when somebody asks it to stop before it is idle, so that nothing goes on behind it', async () => {
    const { account, world } = pipelineDouble();
    world.fleets = [BUSY];
    const asked = new AbortController();
    const onSleep = () => asked.abort();
    const { error } = await tryCommand('watch --until-idle', { account, stop: asked.signal, onSleep });
    expect(error).toMatchObject({ name: 'Stopped', message: 'stopped before the pipeline was idle.' });
  });
});
