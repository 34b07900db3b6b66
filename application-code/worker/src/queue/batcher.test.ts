import { FakeClock } from '../../../../test/fakes/clock';
import { pause } from '../clock';
import { Batcher, type BatchResult } from './batcher';
import type { BatchFailure } from './ports';

type Request = (handles: string[]) => Promise<BatchFailure[]>;

let clock: FakeClock;
let requests: string[][];
let answer: Request;
let batcher: Batcher<{ receiptHandle: string }>;

beforeEach(() => {
  clock = new FakeClock();
  requests = [];
  answer = async () => [];
  const request = (entries: readonly { receiptHandle: string }[]) => {
    const handles = entries.map(({ receiptHandle }) => receiptHandle);
    requests.push(handles);
    return answer(handles);
  };
  batcher = new Batcher(request, { lingerMilliseconds: 100, clock, random: () => 0 });
});

/** Adds `count` entries and keeps their results. */
function add(count: number): Map<string, BatchResult> {
  const results = new Map<string, BatchResult>();
  for (let index = 0; index < count; index += 1) {
    const receiptHandle = `r${index}`;
    void batcher.add({ receiptHandle }).then((result) => results.set(receiptHandle, result));
  }
  return results;
}

const throttled = (receiptHandle: string) => ({
  receiptHandle,
  code: 'InternalError',
  senderFault: false,
});

describe('Batcher', () => {
  test('sends ten at once and the rest when it has lingered', async () => {
    const results = add(23);
    await clock.advance(0);
    expect(requests.map(({ length }) => length)).toEqual([10, 10]);
    await clock.advance(0.1);
    expect(requests.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect([...results.values()]).toEqual(Array(23).fill(undefined));
  });

  test('lingers on while more are on their way, ten times at most', async () => {
    let comesMore = true;
    const request = async (entries: readonly { receiptHandle: string }[]) => {
      requests.push(entries.map(({ receiptHandle }) => receiptHandle));
      return [];
    };
    const expectsMore = () => comesMore;
    batcher = new Batcher(request, {
      lingerMilliseconds: 100,
      expectsMore,
      clock,
      random: () => 0,
    });
    add(3);
    await clock.advance(0.95);
    expect(requests).toEqual([]);
    await clock.advance(0.1);
    expect(requests).toEqual([['r0', 'r1', 'r2']]);
    add(1);
    await clock.advance(0.05);
    comesMore = false;
    await clock.advance(0.1);
    expect(requests).toHaveLength(2);
  });

  test('asks again for those alone that the service did not take, later each time', async () => {
    answer = async (handles) =>
      requests.length < 3 ? handles.filter((handle) => handle === 'r1').map(throttled) : [];
    const results = add(10);
    await clock.advance(0.049);
    expect([results.size, requests.length]).toEqual([9, 1]);
    await clock.advance(0.001);
    expect(requests.slice(1)).toEqual([['r1']]);
    await clock.advance(0.1);
    expect(requests.slice(1)).toEqual([['r1'], ['r1']]);
    expect(results.get('r1')).toBeUndefined();
    expect(results.size).toBe(10);
  });

  test('asks again for all of a request that failed as a whole', async () => {
    answer = async () => {
      if (requests.length === 1) throw new Error('connection reset');
      return [];
    };
    const results = add(10);
    await clock.advance(1);
    expect(requests.map(({ length }) => length)).toEqual([10, 10]);
    expect([...results.values()]).toEqual(Array(10).fill(undefined));
  });

  test('fails when the service calls an entry wrong, without another request', async () => {
    const failure = { receiptHandle: 'r0', code: 'ReceiptHandleIsInvalid', senderFault: true };
    answer = async () => [failure];
    const results = add(1);
    await clock.advance(60);
    expect(requests).toHaveLength(1);
    expect(results.get('r0')).toEqual(failure);
  });

  test('fails when five requests have not helped', async () => {
    answer = async (handles) => handles.map(throttled);
    const results = add(1);
    await clock.advance(60);
    expect(requests).toHaveLength(5);
    expect(results.get('r0')).toEqual(throttled('r0'));
  });

  test('sends the batches of a thousand entries eight at a time', async () => {
    let [open, most] = [0, 0];
    answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await pause(clock, 20);
      open -= 1;
      return [];
    };
    const results = add(1_000);
    await clock.advance(0.02);
    expect([requests.length, most]).toEqual([16, 8]);
    await clock.advance(0.25);
    expect([requests.length, most, results.size]).toEqual([100, 8, 1_000]);
  });

  test('flush waits for what lingers and for what is asked again', async () => {
    answer = async (handles) => (requests.length === 1 ? handles.map(throttled) : []);
    const results = add(3);
    let isFlushed = false;
    void batcher.flush().then(() => {
      isFlushed = true;
    });
    await clock.advance(0);
    expect([requests.length, isFlushed]).toEqual([1, false]);
    await clock.advance(0.05);
    expect([results.size, isFlushed]).toEqual([3, true]);
  });
});
