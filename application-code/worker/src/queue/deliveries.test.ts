import { FakeClock } from '../../../../test/fakes/clock';
import { FakeQueue } from '../../../../test/fakes/queue';
import { Deliveries } from './deliveries';
import type { Message } from './ports';

interface Changed {
  readonly drainDeadlineSeconds?: number;
  readonly jobLimit?: number;
}

function started(slots: number, messages = 0, changed: Changed = {}) {
  const clock = new FakeClock();
  const queue = new FakeQueue(clock, 600);
  for (let index = 0; index < messages; index += 1) queue.send(`${index}`);
  const late: Message[] = [];
  const errors: unknown[] = [];
  const deliveries = new Deliveries(queue, {
    slots,
    idleExitSeconds: 15,
    drainDeadlineSeconds: 100,
    ...changed,
    clock,
    random: () => 0,
    onLate: (brought) => late.push(...brought),
    onReceiveError: (error) => errors.push(error),
  });
  const taken: Message[] = [];
  const ended = (async () => {
    for await (const message of deliveries) taken.push(message);
  })();
  const receives = () => queue.requests.map(({ entries }) => entries);
  return { clock, queue, late, errors, deliveries, taken, ended, receives };
}

describe('Deliveries', () => {
  test.each([1, 4, 16, 25])(
    'never holds more than %i messages and fills every slot',
    async (slots) => {
      const { clock, taken, deliveries, receives } = started(slots, 100);
      await clock.advance(1);
      expect(taken).toHaveLength(slots);
      expect(Math.max(...receives())).toBeLessThanOrEqual(10);
      deliveries.free();
      await clock.advance(1);
      expect(taken.length).toBeLessThanOrEqual(slots + 1);
    },
  );

  test('takes every message there is as slots get free', async () => {
    const { clock, taken, deliveries } = started(4, 50);
    for (let settled = 0; settled < 50; settled += 1) {
      await clock.advance(0.1);
      deliveries.free();
    }
    await clock.advance(1);
    expect(new Set(taken.map(({ body }) => body)).size).toBe(50);
  });

  test('receives ten at a time from a full queue, however many jobs end in between', async () => {
    const { clock, taken, deliveries, receives } = started(24, 500);
    for (let settled = 0; settled < 400; settled += 1) {
      await clock.advance(0.01);
      deliveries.free();
    }
    expect(taken.length).toBeGreaterThanOrEqual(400 + 14);
    expect(new Set(receives())).toEqual(new Set([10]));
  });

  test('polls for half of its slots where that is less than ten', async () => {
    const { clock, deliveries, receives } = started(6, 50);
    for (let settled = 0; settled < 6; settled += 1) {
      await clock.advance(0.01);
      deliveries.free();
    }
    expect(receives()).toEqual([6, 3, 3]);
  });

  test('leaves no slot empty for more than a second while jobs take long', async () => {
    const { clock, taken, deliveries, receives } = started(24, 50);
    await clock.advance(2);
    deliveries.free();
    deliveries.free();
    await clock.advance(0.9);
    expect([taken.length, receives()]).toEqual([24, [10, 10, 4]]);
    await clock.advance(0.2);
    expect([taken.length, receives()]).toEqual([26, [10, 10, 4, 2]]);
  });

  test('has one poll open while the queue is empty, however many slots there are', async () => {
    const { clock, receives } = started(64);
    await clock.advance(12);
    expect(receives()).toEqual([10, 10]);
  });

  test('ends when the queue has been empty for the idle time', async () => {
    const { clock, deliveries, ended } = started(4);
    await clock.advance(14.9);
    expect(deliveries.end).toBeUndefined();
    await clock.advance(0.2);
    await ended;
    expect(deliveries.end).toBe('idle');
  });

  test('counts the idle time from the last settled message, never while one is held', async () => {
    const { clock, deliveries, taken } = started(4, 1);
    await clock.advance(108);
    expect([taken.length, deliveries.end]).toEqual([1, undefined]);
    deliveries.free();
    await clock.advance(14.9);
    expect(deliveries.end).toBeUndefined();
    await clock.advance(10);
    expect(deliveries.end).toBe('idle');
  });

  test('polls as long as ever while a message is held on an empty queue', async () => {
    const { clock, receives } = started(4, 1);
    await clock.advance(100);
    expect(receives().length).toBeLessThanOrEqual(12);
  });

  test('lets the open poll end after a stop and turns away what it brings', async () => {
    const { clock, queue, deliveries, taken, late, ended } = started(4);
    await clock.advance(1);
    deliveries.stop();
    queue.send('late');
    await clock.advance(1);
    await ended;
    expect([taken.length, late.map(({ body }) => body), deliveries.end]).toEqual([
      0,
      ['late'],
      'stopped',
    ]);
    expect(queue.requests).toHaveLength(1);
  });

  test('never waits longer than half of the drain deadline, before which a poll ends', async () => {
    const { clock, deliveries, ended } = started(4, 0, { drainDeadlineSeconds: 6 });
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    deliveries.stop();
    await clock.advance(2.9);
    expect(hasEnded).toBe(false);
    await clock.advance(0.2);
    expect(hasEnded).toBe(true);
  });

  test('breaks the open poll off only when it is told to', async () => {
    const { clock, deliveries, ended, errors } = started(4);
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    deliveries.stop();
    await clock.advance(5);
    expect(hasEnded).toBe(false);
    deliveries.abort();
    await clock.advance(0.1);
    expect([hasEnded, errors]).toEqual([true, []]);
  });

  test('tries again after a failed receive, later each time, until one succeeds', async () => {
    const { clock, queue, taken, errors } = started(4, 1);
    queue.receiveError = new Error('no route');
    await clock.advance(5);
    expect(errors.length).toBeGreaterThan(3);
    expect(errors.length).toBeLessThan(8);
    queue.receiveError = undefined;
    await clock.advance(10);
    expect(taken).toHaveLength(1);
  });

  test('fails when receives have failed for a minute, and not before', async () => {
    const { clock, queue, deliveries } = started(4);
    queue.receiveError = new Error('no route');
    await clock.advance(55);
    expect(deliveries.end).toBeUndefined();
    await clock.advance(20);
    expect(deliveries.end).toBe('failing');
  });

  test('receives nothing while nothing is allowed, and does not end', async () => {
    const { clock, queue, deliveries, taken, late, receives } = started(4);
    await clock.advance(1);
    deliveries.allow(0);
    for (let index = 0; index < 3; index += 1) queue.send(`${index}`);
    await clock.advance(300);
    expect([receives(), taken, late.length, deliveries.end]).toEqual([[4], [], 3, undefined]);
  });

  test('holds one message at a time while one is allowed, and all of them afterwards', async () => {
    const { clock, deliveries, taken, receives } = started(4, 9);
    deliveries.allow(0);
    await clock.advance(1);
    deliveries.allow(1);
    await clock.advance(1);
    expect([taken.length, receives().at(-1)]).toEqual([1, 1]);
    deliveries.free();
    await clock.advance(1);
    expect(taken).toHaveLength(2);
    deliveries.allow(4);
    await clock.advance(1);
    expect(taken).toHaveLength(5);
  });

  test('ends on an empty queue after three idle times while slots are restricted', async () => {
    const { clock, deliveries } = started(4);
    await clock.advance(1);
    deliveries.allow(1);
    await clock.advance(40);
    expect(deliveries.end).toBeUndefined();
    deliveries.allow(4);
    await clock.advance(26);
    expect(deliveries.end).toBe('idle');

    const restricted = started(4);
    restricted.deliveries.allow(1);
    await restricted.clock.advance(60);
    expect(restricted.deliveries.end).toBe('idle');
  });
});

describe('Deliveries with a limit', () => {
  test.each([1, 7, 12])('ask for %i messages in all and end with them', async (limit) => {
    const { clock, taken, deliveries, receives } = started(4, 50, { jobLimit: limit });
    for (let settled = 0; settled < limit; settled += 1) {
      await clock.advance(2);
      deliveries.free();
    }
    await clock.advance(1);
    expect([taken.length, deliveries.end]).toEqual([limit, 'limit']);
    const asked = receives();
    await clock.advance(60);
    expect(receives()).toEqual(asked);
  });

  test('a receive that fails or brings nothing uses none of it up', async () => {
    const { clock, queue, taken, deliveries } = started(4, 0, { jobLimit: 1 });
    queue.receiveError = new Error('throttled');
    await clock.advance(5);
    queue.receiveError = undefined;
    await clock.advance(2);
    queue.send('late');
    await clock.advance(11);
    expect([taken.length, deliveries.end]).toEqual([1, 'limit']);
  });
});
