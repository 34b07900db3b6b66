import fc from 'fast-check';
import { Admission, type Need } from './admission';
import { MIB } from './estimate';

const never = new AbortController().signal;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('admission', () => {
  test('grants sources a third of the budget and decoding the rest', () => {
    const admission = new Admission(300, 2);
    expect(admission.fitsBesideOthers({ sourceBytes: 100, decodeBytes: 200 })).toBe(true);
    expect(admission.fitsBesideOthers({ sourceBytes: 101, decodeBytes: 0 })).toBe(false);
    expect(admission.fitsBesideOthers({ sourceBytes: 0, decodeBytes: 201 })).toBe(false);
    expect(admission.fitsAlone({ sourceBytes: 200, decodeBytes: 100 })).toBe(true);
    expect(admission.fitsAlone({ sourceBytes: 200, decodeBytes: 101 })).toBe(false);
  });

  test('leaves nothing to others beside a job that needs more than the shares', async () => {
    const admission = new Admission(300, 2);
    const small = await admission.enter({ sourceBytes: 10, decodeBytes: 0 }, never);
    const large = admission.enter({ sourceBytes: 150, decodeBytes: 0 }, never);
    await settle();
    expect(admission.heldBytes).toBe(10);
    small.release();
    const room = await large;
    expect([room.exclusive, room.sourceBytes, admission.heldBytes]).toEqual([true, 300, 300]);
    room.release();
    expect(admission.heldBytes).toBe(0);
  });

  test('lets 16 MiB of sources wait for each decoder, or one that is larger', async () => {
    const admission = new Admission(1_200 * MIB, 1);
    const enter = (mebibytes: number) =>
      admission.enter({ sourceBytes: mebibytes * MIB, decodeBytes: 0 }, never);
    const first = await enter(10);
    const second = enter(10);
    const third = enter(50);
    await settle();
    expect(admission.sourceBytes).toBe(10 * MIB);
    await first.startDecoding(0);
    await second;
    expect(admission.sourceBytes).toBe(20 * MIB);
    first.release();
    (await second).release();
    expect((await third).exclusive).toBe(false);
    expect(admission.sourceBytes).toBe(50 * MIB);
  });

  test('keeps only the renditions, and frees the decoder, when decoding is done', async () => {
    const admission = new Admission(300, 1);
    const room = await admission.enter({ sourceBytes: 50, decodeBytes: 0 }, never);
    await room.startDecoding(120);
    expect([admission.heldBytes, admission.decoding]).toEqual([170, 1]);
    room.finishDecoding(7);
    expect([admission.heldBytes, admission.decoding]).toEqual([7, 0]);
    room.release();
    expect(admission.heldBytes).toBe(0);
  });

  test('counts renditions that are larger than what decoding may have', async () => {
    const admission = new Admission(300, 1);
    const room = await admission.enter({ sourceBytes: 10, decodeBytes: 250 }, never);
    await room.startDecoding(250);
    room.finishDecoding(240);
    expect(admission.heldBytes).toBe(240);
    room.release();
    expect(admission.heldBytes).toBe(0);
  });

  test('releases the decoder when a job is cancelled while it waits for memory', async () => {
    const admission = new Admission(300, 2);
    const control = new AbortController();
    const first = await admission.enter({ sourceBytes: 1, decodeBytes: 0 }, never);
    await first.startDecoding(200);
    const second = await admission.enter({ sourceBytes: 1, decodeBytes: 0 }, control.signal);
    const decoding = second.startDecoding(200);
    await settle();
    control.abort(new Error('drained'));
    await expect(decoding).rejects.toThrow('drained');
    second.release();
    expect([admission.heldBytes, admission.decoding]).toEqual([201, 1]);
  });

  test('never grants more than the budget, and lets every job end whatever comes', async () => {
    const job = fc.record({
      sourceBytes: fc.integer({ min: 0, max: 200 }),
      decodeBytes: fc.integer({ min: 0, max: 200 }),
      renditionBytes: fc.integer({ min: 0, max: 50 }),
      leaves: fc.boolean(),
    });
    const jobs = fc.asyncProperty(
      fc.array(job, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 3 }),
      fc.scheduler(),
      async (all, decoders, s) => {
        const admission = new Admission(300, decoders);
        const highest = { bytes: 0, decoders: 0 };
        const pause = async () => {
          highest.bytes = Math.max(highest.bytes, admission.heldBytes);
          highest.decoders = Math.max(highest.decoders, admission.decoding);
          await s.schedule(Promise.resolve());
        };
        const work = async (need: Need & { renditionBytes: number; leaves: boolean }) => {
          const control = new AbortController();
          if (need.leaves) {
            void s.schedule(Promise.resolve()).then(() => control.abort(new Error('off')));
          }
          const room = await admission.enter(need, control.signal);
          try {
            await pause();
            await room.startDecoding(need.decodeBytes);
            await pause();
            room.finishDecoding(need.renditionBytes);
            await pause();
          } finally {
            room.release();
          }
        };
        const possible = all.filter((need) => admission.fitsAlone(need));
        const ends = await s.waitFor(Promise.allSettled(possible.map(work)));
        expect(highest.bytes).toBeLessThanOrEqual(300);
        expect(highest.decoders).toBeLessThanOrEqual(decoders);
        expect([admission.heldBytes, admission.decoding]).toEqual([0, 0]);
        const stayed = ends.filter((_, index) => !possible[index]?.leaves);
        expect(stayed.every(({ status }) => status === 'fulfilled')).toBe(true);
      },
    );
    await fc.assert(jobs, { numRuns: 200 });
  });
});
