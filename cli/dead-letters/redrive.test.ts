import fc from 'fast-check';
import { FakeOperatorQueue } from '../../test/fakes/cli/fake-queue';
import { RedriveError, type RedriveSettings, redrive } from './redrive';

const START = 1_000_000;
const FAULT = {
  FaultCode: 'AccessDenied',
  FaultMessage: 'No.',
  SourceKey: 'ecsproc%2Fa.jpg',
  ReceiveCount: '8',
  FailedAt: '2026-01-01T00:00:00Z',
  FirstSentAt: '1',
};

function queues(count: number) {
  let clock = START;
  const letters = new FakeOperatorQueue(() => clock);
  const work = new FakeOperatorQueue(() => clock);
  for (let number = 1; number <= count; number += 1)
    letters.put(`body ${number}`, { ...FAULT, trace: `t${number}` }, START - 1);
  const run = (more: Partial<RedriveSettings> = {}) =>
    redrive({
      letters,
      work,
      isWanted: () => true,
      limit: Number.POSITIVE_INFINITY,
      perSecond: 100,
      isDryRun: false,
      stop: new AbortController().signal,
      now: () => clock,
      rateLimiter: async () => {
        clock += 1;
      },
      onProgress: () => undefined,
      ...more,
    });
  return { letters, work, run };
}

const bodies = ({ messages }: FakeOperatorQueue) => messages.map(({ body }) => body);

describe('redrive', () => {
  test('sends unchanged bodies without a fault, and deletes the letters', async () => {
    const { letters, work, run } = queues(23);
    expect(await run()).toMatchObject({
      redriven: 23,
      duplicated: 0,
      refused: 0,
      because: 'all-seen',
    });
    expect(bodies(letters)).toEqual([]);
    expect(new Set(bodies(work)).size).toBe(23);
    expect(work.messages[0]?.attributes).toEqual({ trace: { dataType: 'String', text: 't1' } });
  });

  test('releases only what it has not deleted', async () => {
    const { letters, run } = queues(12);
    const given: string[] = [];
    const release = letters.release.bind(letters);
    letters.release = (handles) => {
      given.push(...handles);
      return release(handles);
    };
    await run({ isWanted: ({ body }) => body !== 'body 7' });
    expect(given).toHaveLength(1);
  });

  test('leaves what is not wanted, visible', async () => {
    const { letters, work, run } = queues(12);
    await run({ isWanted: ({ body }) => body.endsWith('2') });
    expect(bodies(work)).toEqual(['body 2', 'body 12']);
    expect([letters.messages.length, letters.visible]).toEqual([10, 10]);
  });

  test('takes no more than the limit', async () => {
    const { letters, work, run } = queues(30);
    expect(await run({ limit: 13 })).toMatchObject({ redriven: 13, because: 'enough' });
    expect([work.messages.length, letters.messages.length]).toEqual([13, 17]);
  });

  test('changes nothing in a dry run', async () => {
    const { letters, work, run } = queues(12);
    expect(await run({ isDryRun: true })).toMatchObject({ redriven: 12 });
    expect([work.messages.length, letters.messages.length]).toEqual([0, 12]);
  });

  test('leaves a letter that came back, so that a lasting fault makes no circle', async () => {
    const { letters, work, run } = queues(10);
    let receives = 0;
    letters.beforeReceive = () => {
      receives += 1;
      if (receives > 20) throw new Error('it goes round in a circle');
      for (const body of bodies(work))
        if (!bodies(letters).includes(body)) letters.put(body, FAULT, START + 5);
    };
    expect(await run()).toMatchObject({ redriven: 10, tooNew: 10 });
    expect([work.messages.length, letters.messages.length]).toEqual([10, 10]);
  });

  test('keeps a letter that the work queue does not take, and says so', async () => {
    const { letters, work, run } = queues(10);
    work.faults.send = (index) => (index === 0 ? 'InternalError' : undefined);
    expect(await run()).toMatchObject({ redriven: 9, refused: 1 });
    expect([work.messages.length, letters.messages.length]).toEqual([9, 1]);
  });

  test('says how many letters could not be deleted, and does not send them twice', async () => {
    const { letters, work, run } = queues(10);
    letters.faults.remove = (index) => (index === 0 ? 'InternalError' : undefined);
    expect(await run()).toMatchObject({ redriven: 10, duplicated: 1 });
    expect([work.messages.length, letters.messages.length]).toEqual([10, 1]);
  });

  test('sends together no more bytes than every queue takes', async () => {
    const { letters, work, run } = queues(0);
    for (let number = 1; number <= 4; number += 1) letters.put('x'.repeat(100_000), {}, START - 1);
    const sizes: number[] = [];
    const send = work.send.bind(work);
    work.send = (messages) => {
      sizes.push(messages.length);
      return send(messages);
    };
    await run();
    expect(sizes).toEqual([2, 2]);
  });

  test('fails with how many are jobs again when a call fails', async () => {
    const { work, run } = queues(23);
    const send = work.send.bind(work);
    work.send = async (messages) => {
      if (work.messages.length >= 20) throw new Error('denied');
      return send(messages);
    };
    const broken = await run().catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(RedriveError);
    expect(broken).toMatchObject({ redriven: 20, cause: { message: 'denied' } });
  });

  test('sends nothing more once it is asked to stop, though the rateLimiter lets it', async () => {
    const { letters, work, run } = queues(23);
    const asked = new AbortController();
    const rateLimiter = async () => {
      if (work.messages.length > 0) asked.abort();
    };
    expect(await run({ rateLimiter, stop: asked.signal })).toMatchObject({
      redriven: 10,
      because: 'stopped',
    });
    expect([letters.messages.length, work.messages.length]).toEqual([13, 10]);
  });

  test('never drops a letter, whichever call is its last one', async () => {
    const calls = fc.constantFrom<'receive' | 'send' | 'remove'>('receive', 'send', 'remove');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        calls,
        fc.nat(6),
        fc.boolean(),
        async (count, call, after, takesEffect) => {
          const { letters, work, run } = queues(count);
          const target = call === 'send' ? work : letters;
          const real = target[call].bind(target) as (...args: unknown[]) => Promise<unknown>;
          let left = after;
          Object.assign(target, {
            [call]: async (...args: unknown[]) => {
              left -= 1;
              if (left >= 0) return real(...args);
              if (takesEffect) await real(...args);
              throw new Error('killed');
            },
          });
          await run().catch(() => undefined);
          const there = new Set([...bodies(letters), ...bodies(work)]);
          expect(there.size).toBe(count);
        },
      ),
    );
  });
});
