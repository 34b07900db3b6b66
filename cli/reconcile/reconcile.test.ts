import fc from 'fast-check';
import { FakeOperatorQueue } from '../../test/fakes/cli/fake-queue';
import type { SourceState } from './find-missing';
import { ReconcileError, type ReconcileSettings, reconcile } from './reconcile';
import { orphansAsJson, orphansInWords } from './reconcile-page';

const listed = (key: string) => ({ key, bytes: 1, modifiedAt: 0, etag: 'e' });
const keyOf = (number: number) => `in/${String(number).padStart(4, '0')}`;
const never = new AbortController().signal;

async function* looks(
  from: number,
  to: number,
  isMissing = (_number: number) => true,
): AsyncGenerator<SourceState> {
  for (let number = from; number < to; number += 1) {
    const key = keyOf(number);
    yield {
      key,
      skipped: [],
      isOutdated: false,
      orphans: [],
      ...(isMissing(number) && {
        missing: { source: listed(key), outputs: ['small'], outdated: [] },
      }),
    };
  }
}

function reconciliation() {
  const queue = new FakeOperatorQueue(() => 0);
  const told: string[] = [];
  const run = (objects: AsyncIterable<SourceState>, more: Partial<ReconcileSettings> = {}) =>
    reconcile({
      objects,
      lettered: new Set(),
      enqueue: {
        queue,
        eventOf: ({ source }) => source.key,
        rateLimiter: async () => undefined,
        batch: 10,
      },
      stop: never,
      onMissing: ({ source }) => told.push(source.key),
      onProgress: () => undefined,
      onCheckpoint: () => undefined,
      ...more,
    });
  return { queue, told, run };
}

test('outputs that no manifest lists are counted, and reported where asked for', async () => {
  const { run } = reconciliation();
  async function* objects() {
    for await (const one of looks(0, 3, () => false))
      yield { ...one, orphans: one.key === keyOf(1) ? ['out/a', 'out/b'] : [] };
  }
  const reported: unknown[] = [];
  const onOrphans = (...given: unknown[]) => void reported.push(given);
  expect((await run(objects())).orphans).toBe(2);
  expect((await run(objects(), { onOrphans })).missing).toBe(0);
  expect(reported).toEqual([[keyOf(1), ['out/a', 'out/b']]]);
});

describe('the orphans of a source', () => {
  test('are one line each, which no key can break', () => {
    expect(orphansInWords('a\n', ['out/1', 'out/2'])).toBe(
      'out/1  no longer listed for a\\u000a\nout/2  no longer listed for a\\u000a',
    );
  });

  test('are one document with --json', () => {
    expect(JSON.parse(orphansAsJson('a', ['out/1']))).toEqual({ source: 'a', orphans: ['out/1'] });
  });
});

describe('reconcile', () => {
  test('enqueues what lacks outputs and has no dead letter, in batches', async () => {
    const { queue, told, run } = reconciliation();
    const sizes: number[] = [];
    const send = queue.send.bind(queue);
    queue.send = (messages) => {
      sizes.push(messages.length);
      return send(messages);
    };
    const done = await run(
      looks(0, 30, (number) => number % 2 === 0),
      { lettered: new Set([keyOf(4)]) },
    );
    expect(done).toEqual({
      looked: 30,
      missing: 14,
      orphans: 0,
      outdated: 0,
      enqueued: 14,
      lettered: 1,
      skipped: 0,
      position: keyOf(29),
    });
    expect(sizes).toEqual([10, 4]);
    expect(told).toHaveLength(14);
  });

  test('enqueues nothing unless it is asked to', async () => {
    const settings = { objects: looks(0, 5), lettered: new Set<string>(), stop: never };
    const done = await reconcile({
      ...settings,
      onMissing: () => undefined,
      onProgress: () => undefined,
      onCheckpoint: () => undefined,
    });
    expect(done).toMatchObject({ missing: 5, enqueued: 0, position: keyOf(4) });
  });

  test('enqueues what it holds when it is asked to stop, and says where it is', async () => {
    const { queue, run } = reconciliation();
    const asked = new AbortController();
    async function* stopping() {
      for await (const one of looks(0, 100)) {
        if (one.key === keyOf(13)) asked.abort();
        yield one;
      }
    }
    expect(await run(stopping(), { stop: asked.signal })).toMatchObject({
      enqueued: 14,
      position: keyOf(13),
    });
    expect(queue.messages).toHaveLength(14);
  });

  test('fails with the position up to which all is done when a job is refused', async () => {
    const { queue, run } = reconciliation();
    let sends = 0;
    const send = queue.send.bind(queue);
    queue.send = async (messages) => {
      sends += 1;
      return sends > 2 ? [{ index: 0, code: 'InternalError' }] : send(messages);
    };
    const broken = await run(looks(0, 100)).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(ReconcileError);
    expect(broken).toMatchObject({ progress: { enqueued: 20, position: keyOf(19) } });
  });

  test('misses nothing when it continues where it stopped, whenever that was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(8),
        fc.nat(2),
        async (count, failing, every) => {
          const { queue, run } = reconciliation();
          const isMissing = (number: number) => number % (every + 1) === 0;
          let sends = 0;
          const send = queue.send.bind(queue);
          queue.send = async (messages) => {
            sends += 1;
            if (sends === failing) throw new Error('gone');
            return send(messages);
          };
          const first = await run(looks(0, count, isMissing)).catch(
            (error: ReconcileError) => error.progress,
          );
          const next = first.position === undefined ? 0 : Number(first.position.slice(3)) + 1;
          await run(looks(next, count, isMissing));
          const wanted = Array.from({ length: count }, (_, number) => number)
            .filter(isMissing)
            .map(keyOf);
          expect(queue.messages.map(({ body }) => body)).toEqual(wanted);
        },
      ),
    );
  });
});
