import { TooManyInFlight } from '../ports';
import { type QueueDouble, queueDouble } from '../queue-double';
import { HIDDEN_SECONDS, passOver } from './pass';

const never = new AbortController().signal;
let clock: number;
let queue: QueueDouble;
beforeEach(() => {
  clock = 1_000_000;
  queue = queueDouble(() => clock);
  for (let number = 1; number <= 25; number += 1) queue.put(`body ${number}`);
});

const allVisible = () => queue.messages.every(({ visibleAt }) => visibleAt <= clock);

describe('passOver', () => {
  test('gives every letter once, and all back at the end', async () => {
    const bodies: string[] = [];
    const end = await passOver(queue, {
      stop: never,
      take: async (letters) => {
        bodies.push(...letters.map(({ body }) => body));
        return { gone: [] };
      },
    });
    expect(end).toEqual({ seen: 25, because: 'all-seen', stillHidden: 0 });
    expect(new Set(bodies).size).toBe(25);
    expect(bodies).toHaveLength(25);
    expect(allVisible()).toBe(true);
  });

  test('does not count a letter twice that came back while the pass went on', async () => {
    let counted = 0;
    const end = await passOver(queue, {
      stop: never,
      take: async (letters) => {
        counted += letters.length;
        if (counted === 20) clock += HIDDEN_SECONDS * 1_000;
        return { gone: [] };
      },
    });
    expect({ counted, seen: end.seen }).toEqual({ counted: 25, seen: 25 });
    expect(allVisible()).toBe(true);
  });

  test('stops when it is asked to, and gives back what it has', async () => {
    const asked = new AbortController();
    const end = await passOver(queue, {
      stop: asked.signal,
      take: async () => {
        asked.abort();
        return { gone: [] };
      },
    });
    expect(end).toMatchObject({ seen: 10, because: 'stopped' });
    expect(allVisible()).toBe(true);
  });

  test('gives back what it has when the queue allows no more in flight', async () => {
    let receives = 0;
    queue.beforeReceive = () => {
      receives += 1;
      if (receives === 3) throw new TooManyInFlight('OverLimit');
    };
    const end = await passOver(queue, { stop: never, take: async () => ({ gone: [] }) });
    expect(end).toMatchObject({ seen: 20, because: 'too-many-in-flight' });
    expect(allVisible()).toBe(true);
  });

  test('fails when taking fails, after everything has been given back', async () => {
    const take = async () => {
      throw new Error('no');
    };
    await expect(passOver(queue, { stop: never, take })).rejects.toThrow('no');
    expect(allVisible()).toBe(true);
  });

  test('tries twice to give back, and counts what stays hidden', async () => {
    const codes = [...Array(3).fill('InternalError'), ...Array(3).fill('InternalError')];
    queue.faults.giveBack = (index) => (index < 3 ? codes.pop() : undefined);
    const end = await passOver(queue, { stop: never, take: async () => ({ gone: [] }) });
    expect(end.stillHidden).toBe(3);
    expect(queue.messages.filter(({ visibleAt }) => visibleAt > clock)).toHaveLength(3);
  });

  test('does not count as hidden what somebody else has deleted meanwhile', async () => {
    queue.faults.giveBack = () => 'ReceiptHandleIsInvalid';
    const end = await passOver(queue, { stop: never, take: async () => ({ gone: [] }) });
    expect(end.stillHidden).toBe(0);
  });
});
