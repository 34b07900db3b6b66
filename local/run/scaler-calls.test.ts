import { ScalerCalls } from './scaler-calls';

describe('ScalerCalls', () => {
  test('has an id of its own for each call, so that client tokens differ', async () => {
    const ids = new Set<string>();
    const calls = new ScalerCalls(
      async (id) => ids.add(id),
      () => undefined,
    );
    await Promise.all([calls.call(), calls.call(), calls.call()]);
    expect(ids.size).toBe(3);
    expect(calls.count).toBe(3);
  });

  test('never has two calls under way, which would launch tasks for the same jobs', async () => {
    let underWay = 0;
    let most = 0;
    const invoke = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    };
    const calls = new ScalerCalls(invoke, () => undefined);
    await Promise.all([calls.call(), calls.call(), calls.call()]);
    expect(most).toBe(1);
  });

  test('reports a call that failed, and calls again', async () => {
    const told: unknown[] = [];
    let works = false;
    const invoke = async () => {
      if (!works) throw new Error('throttled');
    };
    const calls = new ScalerCalls(invoke, (error) => told.push(String(error)));
    await calls.call();
    works = true;
    await calls.call();
    expect(told).toEqual(['Error: throttled']);
  });

  test('does not call more often than asked', async () => {
    let now = 0;
    const calls = new ScalerCalls(
      async () => undefined,
      () => undefined,
      () => now,
    );
    await calls.callEvery(5);
    now = 4_999;
    await calls.callEvery(5);
    expect(calls.count).toBe(1);
    now = 5_000;
    await calls.callEvery(5);
    expect(calls.count).toBe(2);
  });
});
