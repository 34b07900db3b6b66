import fc from 'fast-check';
import { FakeClock } from '../../../../test/fakes/clock';
import { Batcher, type BatchResult, MAX_BATCH_ENTRIES } from './batcher';

/** What the service makes of an entry, the next time and the times after that. */
type Fate = readonly ('taken' | 'failed' | 'wrong' | 'request-lost')[];

const fates = fc.array(
  fc.array(
    fc.constantFrom('taken' as const, 'failed' as const, 'wrong' as const, 'request-lost' as const),
    {
      maxLength: 6,
    },
  ),
  { minLength: 1, maxLength: 35 },
);
const pauses = fc.array(fc.nat(150), { minLength: 1, maxLength: 10 });

/**
 * Adds entries with these fates, with pauses between them. Returns what was sent and the result of
 * each.
 */
async function sent(entries: readonly Fate[], milliseconds: readonly number[]) {
  const clock = new FakeClock();
  const requests: string[][] = [];
  const results = new Map<string, BatchResult[]>();
  const left = new Map(entries.map((fate, index) => [`r${index}`, [...fate]]));
  const request = async (batch: readonly { receiptHandle: string }[]) => {
    const handles = batch.map(({ receiptHandle }) => receiptHandle);
    requests.push(handles);
    const met = handles.map((receiptHandle) => ({
      receiptHandle,
      fate: left.get(receiptHandle)?.shift() ?? 'taken',
    }));
    if (met.some(({ fate }) => fate === 'request-lost')) throw new Error('ECONNRESET');
    return met.flatMap(({ receiptHandle, fate }) =>
      fate === 'taken' ? [] : [{ receiptHandle, code: fate, senderFault: fate === 'wrong' }],
    );
  };
  const batcher = new Batcher(request, { lingerMilliseconds: 100, clock, random: () => 0.5 });
  for (const index of entries.keys()) {
    const receiptHandle = `r${index}`;
    void batcher.add({ receiptHandle }).then((result) => {
      results.set(receiptHandle, [...(results.get(receiptHandle) ?? []), result]);
    });
    await clock.advance((milliseconds[index % milliseconds.length] ?? 0) / 1000);
  }
  const flushed = batcher.flush();
  await clock.advance(30);
  await flushed;
  return { requests, results, pendingTimers: clock.pendingTimers };
}

test('a batcher settles every entry once, ten a request, and repeats none in vain', async () => {
  await fc.assert(
    fc.asyncProperty(fates, pauses, async (entries, milliseconds) => {
      const { requests, results, pendingTimers } = await sent(entries, milliseconds);
      expect(pendingTimers).toBe(0);
      expect(Math.max(...requests.map(({ length }) => length))).toBeLessThanOrEqual(
        MAX_BATCH_ENTRIES,
      );
      for (const index of entries.keys()) {
        const asked = requests.filter((handles) => handles.includes(`r${index}`)).length;
        expect(results.get(`r${index}`)).toHaveLength(1);
        expect(asked).toBeGreaterThanOrEqual(1);
        expect(asked).toBeLessThanOrEqual(5);
      }
      for (const handles of requests) expect(new Set(handles).size).toBe(handles.length);
    }),
    { numRuns: 60 },
  );
});

test('an entry is sent until it is taken, called wrong, or has failed five times', async () => {
  await fc.assert(
    fc.asyncProperty(fates, async ([fate = []]) => {
      const { requests, results } = await sent([fate], [0]);
      const last = [...fate, 'taken'].findIndex((one) => one === 'taken' || one === 'wrong');
      expect(requests.length).toBe(Math.min(5, last + 1));
      const end = last < 5 ? [...fate, 'taken'][last] : 'failed';
      const [result] = results.get('r0') ?? [];
      expect(result === undefined).toBe(end === 'taken');
      expect(result?.senderFault ?? false).toBe(end === 'wrong');
    }),
    { numRuns: 60 },
  );
});
