import { FakeOperatorQueue } from '../../test/fakes/cli/fake-queue';
import { TooManyInFlight } from '../ports/queues';
import { type ScanSettings, scanQueue } from './scan';

const never = new AbortController().signal;
let clock: number;
let queue: FakeOperatorQueue;
beforeEach(() => {
  clock = 1_000_000;
  queue = new FakeOperatorQueue(() => clock);
  queue.beforeReceive = bounded();
  for (let number = 1; number <= 25; number += 1) queue.put(`body ${number}`);
});

const pass = (take: ScanSettings['take'], more: Partial<ScanSettings> = {}) =>
  scanQueue(queue, { stop: never, now: () => clock, take, ...more });
const keepAll = async () => ({ gone: [] });
const allVisible = () => queue.messages.every(({ visibleAt }) => visibleAt <= clock);

/** Does something before each receive, of which there may be no more than a hundred. */
const bounded = (act: () => void = () => undefined) => {
  let receives = 0;
  return () => {
    receives += 1;
    if (receives > 100) throw new Error('it comes to no end');
    act();
  };
};

/** A letter arrives before each receive. */
const sendEach = () =>
  bounded(() => {
    clock += 1;
    queue.put('late');
  });

describe('scanQueue', () => {
  test('takes every letter once, and releases all at the end', async () => {
    const bodies: string[] = [];
    const end = await pass(async (letters) => {
      bodies.push(...letters.map(({ body }) => body));
      return { gone: [] };
    });
    expect(end).toEqual({ seen: 25, because: 'all-seen', hidden: 0, stillHidden: 0 });
    expect(new Set(bodies).size).toBe(25);
    expect(bodies).toHaveLength(25);
    expect(allVisible()).toBe(true);
  });

  test('hides letters for ten minutes, and counts none twice that comes back', async () => {
    let counted = 0;
    queue.faults.extend = () => 'MessageNotInflight';
    const end = await pass(async (letters) => {
      counted += letters.length;
      if (counted === 20) clock += 599_999;
      expect(queue.messages.filter(({ visibleAt }) => visibleAt > clock)).toHaveLength(counted);
      if (counted === 20) clock += 1;
      return { gone: [] };
    });
    expect({ counted, seen: end.seen }).toEqual({ counted: 25, seen: 25 });
    expect(allVisible()).toBe(true);
  });

  test('keeps hidden what it holds, however long it takes', async () => {
    for (let number = 26; number <= 400; number += 1) queue.put(`body ${number}`);
    let receives = 0;
    queue.beforeReceive = bounded(() => {
      clock += 60_000;
      receives += 1;
    });
    const end = await pass(keepAll);
    expect(end).toMatchObject({ seen: 400, because: 'all-seen' });
    expect(receives).toBe(42);
    expect(new Set(queue.messages.map(({ receiveCount }) => receiveCount))).toEqual(new Set([1]));
    expect(allVisible()).toBe(true);
  });

  test('keeps hidden no letter that is gone', async () => {
    const kept: string[] = [];
    const extend = queue.extend.bind(queue);
    queue.extend = (handles, seconds) => {
      kept.push(...handles);
      return extend(handles, seconds);
    };
    await pass(async (letters) => {
      clock += 300_000;
      await queue.remove(letters.map(({ receiptHandle }) => receiptHandle));
      return { gone: letters.map(({ messageId }) => messageId) };
    });
    expect(kept).toEqual([]);
  });

  test('takes a letter that SQS does not hide again for one that it does not hold', async () => {
    queue.faults.extend = (index) => (index === 0 ? 'InvalidParameterValue' : undefined);
    let takes = 0;
    const end = await pass(async () => {
      takes += 1;
      // Time passes once, while the first ten are held.
      if (takes === 1) clock += 300_000;
      return { gone: [] };
    });
    expect(end).toMatchObject({ seen: 25, stillHidden: 0 });
    expect(queue.messages.filter(({ visibleAt }) => visibleAt > clock)).toHaveLength(1);
  });

  test('ends while new letters keep coming, once all earlier ones are seen', async () => {
    queue.beforeReceive = sendEach();
    const bodies: string[] = [];
    const end = await pass(async (letters) => {
      bodies.push(...letters.map(({ body }) => body));
      return { gone: [] };
    });
    expect(end.because).toBe('all-seen');
    expect(bodies.filter((body) => body !== 'late')).toHaveLength(25);
    expect(end.seen).toBe(bodies.length);
    expect(bodies.length).toBeGreaterThan(25);
  });

  test('looks on while fewer were seen than there were, though only new ones come', async () => {
    const depth = queue.depth.bind(queue);
    queue.depth = async () => ({ ...(await depth()), backlog: 60 });
    queue.beforeReceive = sendEach();
    expect((await pass(keepAll)).seen).toBe(60);
  });

  test('takes one empty receive for an unlucky one', async () => {
    const receive = queue.receive.bind(queue);
    let receives = 0;
    queue.receive = async (most, seconds) => {
      receives += 1;
      return receives % 2 === 0 ? [] : receive(most, seconds);
    };
    expect((await pass(keepAll)).seen).toBe(25);
  });

  test('says how many it could not see, since another reader holds them', async () => {
    await queue.receive(7, 30);
    const totals = new Set<number>();
    const end = await pass(async (letters, total) => {
      totals.add(total);
      if (letters.length === 10) queue.put('late', {}, clock + 1);
      return { gone: [] };
    });
    expect(end).toMatchObject({ seen: 19, hidden: 7 });
    expect([...totals]).toEqual([18]);
  });

  test('does not count as hidden what another reader has released meanwhile', async () => {
    const some = await queue.receive(7, 30);
    const end = await pass(async (letters) => {
      await queue.release(
        letters.length < 10 ? some.slice(0, 5).map((one) => one.receiptHandle) : [],
      );
      return { gone: [] };
    });
    expect(end).toMatchObject({ seen: 23, hidden: 2 });
  });

  test('stops when it is asked to, and releases what it has', async () => {
    const asked = new AbortController();
    const end = await pass(
      async () => {
        asked.abort();
        return { gone: [] };
      },
      { stop: asked.signal },
    );
    expect(end).toMatchObject({ seen: 10, because: 'stopped' });
    expect(allVisible()).toBe(true);
  });

  test('releases all that it has hidden when the queue allows no others in flight', async () => {
    for (let number = 26; number <= 200; number += 1) queue.put(`body ${number}`);
    queue.beforeReceive = bounded(() => {
      if (queue.messages.filter(({ visibleAt }) => visibleAt > clock).length >= 120)
        throw new TooManyInFlight('OverLimit');
      clock += 60_000;
    });
    const end = await pass(keepAll);
    expect(end).toMatchObject({ seen: 120, because: 'too-many-in-flight', stillHidden: 0 });
    expect(allVisible()).toBe(true);
  });

  test('fails when an extension fails, after it has released everything', async () => {
    queue.extend = async () => {
      throw new Error('denied');
    };
    const take = async () => {
      clock += 300_000;
      return { gone: [] };
    };
    await expect(pass(take)).rejects.toThrow('denied');
    expect(allVisible()).toBe(true);
  });

  test('fails when taking fails, after it has released everything', async () => {
    const take = async () => {
      throw new Error('no');
    };
    await expect(pass(take)).rejects.toThrow('no');
    expect(allVisible()).toBe(true);
  });

  test('tries twice to release, and counts what stays hidden', async () => {
    const tries = new Map<string, number>();
    const release = queue.release.bind(queue);
    queue.release = async (handles) => {
      const refused = handles.flatMap((handle, index) => {
        tries.set(handle, (tries.get(handle) ?? 0) + 1);
        const isRefused =
          handle.startsWith('m1/') || (handle.startsWith('m2/') && tries.get(handle) === 1);
        return isRefused ? [{ index, code: 'InternalError' }] : [];
      });
      const taken = handles.filter((_handle, index) => !refused.some((one) => one.index === index));
      return [...(await release(taken)), ...refused];
    };
    const end = await pass(keepAll);
    expect(end.stillHidden).toBe(1);
    expect(queue.messages.filter(({ visibleAt }) => visibleAt > clock)).toHaveLength(1);
    expect([...tries.values()].filter((count) => count > 1)).toEqual([2, 2]);
  });

  test('does not count as hidden what another reader has deleted meanwhile', async () => {
    queue.faults.release = () => 'ReceiptHandleIsInvalid';
    const end = await pass(keepAll);
    expect(end.stillHidden).toBe(0);
  });
});
