import {
  exampleActive,
  exampleNotStarted,
  exampleStopped,
  exampleUpload,
  several,
} from '../../test/fakes/scaler/examples';
import { runnableHandler } from '../../test/fakes/scaler/runnable-handler';

/** What Lambda sends for uploads; see `contract/wake-up.ts`. */
const UPLOADS = { Records: [exampleUpload('first'), exampleUpload('second')] };
const SEEN_AGAIN = { Records: [exampleUpload('first', 2)] };

describe('a wake-up', () => {
  test('launches the first tasks although the queue does not show the message yet', async () => {
    const run = runnableHandler({ depth: { backlog: 0 } });
    await run.handler(UPLOADS);
    expect(run.batches).toMatchObject([{ capacityProvider: 'FARGATE', count: 2 }]);
    expect(run.line()).toMatchObject({
      event: 'wake-up',
      scheduledMinute: '2026-03-10T14:05:00.000Z',
      decided: { action: 'launch', because: 'wake-up' },
      done: { launched: { FARGATE: 2, FARGATE_SPOT: 0 } },
    });
  });

  test('launches once with the scheduled run of its minute that sees no task either', async () => {
    const run = runnableHandler({ depth: { backlog: 99 } });
    await run.handler({ scheduledTime: '2026-03-10T14:05:59Z' });
    await run.handler(UPLOADS);
    const onDemand = run.batches.filter(({ capacityProvider }) => capacityProvider === 'FARGATE');
    expect(onDemand).toHaveLength(2);
    expect(new Set(onDemand.map(({ clientToken }) => clientToken)).size).toBe(1);
  });

  test('asks ECS about a few tasks alone when there is one', async () => {
    const queue = { depth: jest.fn() };
    const run = runnableHandler({ active: [exampleActive()] }, { queue });
    await run.handler(UPLOADS);
    expect(run.line()).toMatchObject({ event: 'wake-up', decided: { because: 'enough-tasks' } });
    expect(run.batches).toEqual([]);
    expect(queue.depth).not.toHaveBeenCalled();
    expect(run.stoppedListed()).toBe(0);
  });

  test('looks at the stopped tasks and the addresses, whatever the queue shows', async () => {
    const stopped = several(5, () => exampleStopped());
    const failing = runnableHandler({ stopped });
    await failing.handler(UPLOADS);
    expect(failing.line()).toMatchObject({ decided: { because: 'tasks-failing' } });
    const full = runnableHandler({ free: { 'subnet-1': 0 } });
    await full.handler(UPLOADS);
    expect(full.line()).toMatchObject({ decided: { because: 'no-addresses' } });
    expect([...failing.batches, ...full.batches]).toEqual([]);
  });

  test.each([
    ['finds a wrong parameter', { parameters: { 'max-tasks': 'ten' } }, 'max-tasks must be'],
    ['is refused', { result: () => ({ permanent: 2, reasons: ['no subnet'] }) }, 'no subnet'],
  ])('does not fail when it %s: it says so, and the schedule fails', async (_what, met, why) => {
    const run = runnableHandler(met);
    await run.handler(UPLOADS);
    expect(run.line()).toMatchObject({ level: 'error', error: expect.stringContaining(why) });
    await expect(runnableHandler({ ...met, depth: { backlog: 1 } }).handler({})).rejects.toThrow();
  });

  test('does not fail when AWS does not answer', async () => {
    const tasks = { isActive: () => Promise.reject(new Error('ThrottlingException')) };
    const run = runnableHandler({}, { fleet: tasks });
    await run.handler(UPLOADS);
    expect(run.line()).toMatchObject({ event: 'wake-up', error: 'ThrottlingException' });
  });

  test('launches nothing beside a floor, whose tasks the schedule replaces', async () => {
    const run = runnableHandler({ parameters: { 'min-tasks': '1' } });
    await run.handler(UPLOADS);
    expect(run.line()).toMatchObject({ decided: { action: 'hold', because: 'enough-tasks' } });
  });

  test('sends no metric, so that alarms go by the schedule alone', async () => {
    const stopped = [exampleNotStarted('vcpu-quota')];
    for (const met of [{}, { stopped }, { active: [exampleActive()] }]) {
      const run = runnableHandler(met);
      await run.handler(UPLOADS);
      expect(run.line()).not.toHaveProperty('_aws');
    }
  });

  test.each([
    ['launches', {}],
    ['finds a task', { active: [exampleActive()] }],
    ['holds', { parameters: { enabled: 'false' } }],
  ])('that %s keeps the newest upload, and so its group, for eight seconds', async (_what, met) => {
    const run = runnableHandler(met);
    const answer = await run.handler(UPLOADS);
    expect(run.hidden).toEqual([['second', 8]]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'second' }] });
  });

  test('sees that upload once more, and then lets it go', async () => {
    const run = runnableHandler({ active: [exampleActive()] });
    expect(await run.handler(SEEN_AGAIN)).toEqual({ batchItemFailures: [] });
    expect(run.hidden).toEqual([]);
  });

  test.each([
    ['is shown, since the task that took the upload may have ended with it', 1, 'launch'],
    ['is not shown, since it is done', 0, 'hold'],
  ])('launches once more only where a job %s', async (_what, backlog, action) => {
    const run = runnableHandler({ depth: { backlog } });
    await run.handler(SEEN_AGAIN);
    expect(run.line()).toMatchObject({ event: 'wake-up', decided: { action } });
  });

  test('keeps nothing where SQS refuses it, and says so', async () => {
    const hide = () => Promise.reject(new Error('AccessDenied'));
    const lines: string[] = [];
    const run = runnableHandler({}, { wakeUps: { hide } }, lines);
    expect(await run.handler(UPLOADS)).toEqual({ batchItemFailures: [] });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { decided: { action: 'launch' } },
      { level: 'error', error: 'AccessDenied' },
    ]);
  });
});
