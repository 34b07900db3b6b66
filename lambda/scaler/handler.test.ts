import { exampleActive } from '../../test/fakes/scaler/examples';
import { runnableHandler } from '../../test/fakes/scaler/runnable-handler';

describe('a run', () => {
  test('tells in one line what was seen, what was decided and what was done', async () => {
    const run = runnableHandler({
      depth: { backlog: 60, inFlight: 12, delayed: 3 },
      active: [
        exampleActive(),
        exampleActive({ capacityProvider: 'FARGATE_SPOT', state: 'pending' }),
      ],
    });
    await run.handler({ scheduledTime: '2026-03-10T14:05:00Z' });
    expect(run.line()).toMatchObject({
      timestamp: '2026-03-10T14:05:30.000Z',
      level: 'info',
      event: 'scale',
      environment: 'test',
      pipeline: 'photos',
      scheduledMinute: '2026-03-10T14:05:00.000Z',
      seen: {
        backlog: 60,
        inFlight: 12,
        delayed: 3,
        running: { FARGATE: 1, FARGATE_SPOT: 0 },
        pending: { FARGATE: 0, FARGATE_SPOT: 1 },
      },
      policy: { maxTasks: 10, taskDefinition: 'photos:7' },
      decided: {
        action: 'launch',
        because: 'shortfall',
        desired: 8,
        tasks: { FARGATE: 2, FARGATE_SPOT: 4 },
      },
      done: { launched: { FARGATE: 2, FARGATE_SPOT: 4 }, retryable: 0, permanent: 0 },
    });
  });

  test('by hand launches beside the scheduled one of its minute, and names itself', async () => {
    const run = runnableHandler({ depth: { backlog: 1 } });
    const scheduledTime = '2026-03-10T14:05:00Z';
    const scheduled = await run.handler({ scheduledTime });
    const byHand = await run.handler({ scheduledTime, invocationId: 'a' });
    expect(scheduled).not.toMatchObject({ invocationId: expect.anything() });
    expect(byHand).toMatchObject({ invocationId: 'a' });
    const [first, second] = run.batches.map(({ clientToken }) => clientToken);
    expect(first).not.toBe(second);
  });

  test('launches the promoted revision and nothing else', async () => {
    const run = runnableHandler({
      depth: { backlog: 1 },
      parameters: { 'task-definition': 'photos:9' },
    });
    await run.handler({});
    expect(run.batches).toMatchObject([
      { taskDefinition: 'photos:9', capacityProvider: 'FARGATE', count: 1 },
    ]);
  });

  test.each([
    ['disabled', { enabled: 'false' }],
    ['no-image-yet', { 'task-definition': 'none' }],
  ])('holds with the reason %s', async (because, parameters) => {
    const run = runnableHandler({ depth: { backlog: 99 }, parameters });
    await run.handler({});
    expect(run.line().decided).toMatchObject({ action: 'hold', because });
    expect(run.batches).toEqual([]);
  });

  test('leaves throttled tasks to the next run', async () => {
    const run = runnableHandler({
      depth: { backlog: 99 },
      result: ({ count }) => ({ retryable: count, reasons: ['Rate exceeded'] }),
    });
    await run.handler({});
    expect(run.line()).toMatchObject({ level: 'info', LaunchFailures: 10, Launched: 0 });
  });

  test('uses the deadline of its invocation', async () => {
    const run = runnableHandler({ depth: { backlog: 99 } });
    await run.handler({}, { getRemainingTimeInMillis: () => 1_000 });
    expect(run.line()).toMatchObject({ done: { retryable: 10 } });
    expect(run.batches).toEqual([]);
  });
});

describe('after its line, a run', () => {
  test('fails when a parameter is wrong: nothing is launched, and the line says why', async () => {
    const run = runnableHandler({
      depth: { backlog: 99 },
      parameters: { 'max-tasks': 'ten', enabled: 'maybe' },
    });
    await expect(run.handler({})).rejects.toThrow('max-tasks must be');
    expect(run.batches).toEqual([]);
    expect(run.line()).toMatchObject({
      level: 'error',
      decided: { action: 'hold', because: 'invalid-parameters' },
      error: expect.stringMatching(
        /max-tasks must be[\s\S]*enabled must be|enabled must be[\s\S]*max-tasks must be/,
      ),
      seen: { backlog: 99 },
    });
  });

  test('fails when ECS refuses tasks permanently', async () => {
    const run = runnableHandler({
      depth: { backlog: 9 },
      result: ({ count }) => ({ permanent: count, reasons: ['no subnet'] }),
    });
    await expect(run.handler({})).rejects.toThrow('no subnet');
    expect(run.line()).toMatchObject({ level: 'error', done: { permanent: 1 }, LaunchFailures: 1 });
  });

  test('fails when the queue cannot be seen: nothing is launched on a guess', async () => {
    const queue = { depth: () => Promise.reject(new Error('no such queue')) };
    const run = runnableHandler({ active: [] }, { queue });
    await expect(run.handler({})).rejects.toThrow('no such queue');
    expect(run.line()).toMatchObject({ level: 'error', event: 'scale', error: 'no such queue' });
    expect(run.batches).toEqual([]);
  });
});
