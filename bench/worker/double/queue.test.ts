import { QueueDouble } from './queue';
import type { Clock } from './round-trip';

/** Time that passes as soon as somebody sleeps. */
class JumpingClock implements Clock {
  private time = 0;
  readonly now = () => this.time;
  readonly sleep = async (milliseconds: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    this.time += milliseconds;
  };
}

const ROUND_TRIP = 25;

function filled(count: number) {
  const clock = new JumpingClock();
  const queue = new QueueDouble({
    roundTripMilliseconds: ROUND_TRIP,
    visibilityTimeoutSeconds: 30,
    clock,
  });
  queue.fill(Array.from({ length: count }, (_, index) => `body ${index}`));
  return { clock, queue };
}

const handles = (messages: readonly { receiptHandle: string }[]) =>
  messages.map(({ receiptHandle }) => receiptHandle);

describe('the double of a queue', () => {
  test('gives at most what was asked for, hides it, and takes one round trip for it', async () => {
    const { clock, queue } = filled(13);
    expect(await queue.receive(10, 0)).toHaveLength(10);
    expect(clock.now()).toBe(ROUND_TRIP);
    expect((await queue.receive(10, 0)).map(({ body }) => body)).toEqual([
      'body 10',
      'body 11',
      'body 12',
    ]);
    expect(await queue.receive(10, 0)).toEqual([]);
  });

  test('gives a message again, counted, when its visibility timeout has run out', async () => {
    const { clock, queue } = filled(1);
    const [first] = await queue.receive(10, 0);
    await clock.sleep(30_000);
    const [second] = await queue.receive(10, 0);
    expect(second).toMatchObject({ messageId: first?.messageId, receiveCount: 2 });
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
    expect(queue.redeliveries).toBe(1);
  });

  test('a long poll waits for a message that becomes visible meanwhile, and no longer than it was told', async () => {
    const { clock, queue } = filled(1);
    const [held] = await queue.receive(1, 0);
    await queue.changeVisibility([
      { receiptHandle: held?.receiptHandle ?? '', visibilityTimeoutSeconds: 3 },
    ]);
    const before = clock.now();
    expect(await queue.receive(1, 20)).toHaveLength(1);
    expect(clock.now() - before).toBeLessThan(3_000 + ROUND_TRIP);
    const start = clock.now();
    expect(await queue.receive(1, 2)).toEqual([]);
    expect(clock.now() - start).toBe(2_000 + ROUND_TRIP);
  });

  test('a visibility timeout of 0 releases a message, which is then not in flight', async () => {
    const { queue } = filled(1);
    const [held] = await queue.receive(1, 0);
    const release = [{ receiptHandle: held?.receiptHandle ?? '', visibilityTimeoutSeconds: 0 }];
    expect(await queue.changeVisibility(release)).toEqual([]);
    expect(await queue.changeVisibility(release)).toMatchObject([{ code: 'MessageNotInflight' }]);
    expect(await queue.receive(1, 0)).toMatchObject([{ receiveCount: 2 }]);
  });

  test('is drained by the last acknowledgement, not before', async () => {
    const { queue } = filled(2);
    let drained = false;
    void queue.drained.then(() => {
      drained = true;
    });
    const messages = await queue.receive(10, 0);
    await queue.acknowledge(handles(messages).slice(0, 1));
    expect(drained).toBe(false);
    await queue.acknowledge(handles(messages).slice(1));
    await queue.drained;
  });

  test('an old receipt handle neither deletes nor hides a message that somebody else holds', async () => {
    const { clock, queue } = filled(1);
    const old = handles(await queue.receive(1, 0));
    await clock.sleep(30_000);
    await queue.receive(1, 0);
    expect(await queue.acknowledge(old)).toEqual([]);
    expect(
      await queue.changeVisibility([{ receiptHandle: old[0] ?? '', visibilityTimeoutSeconds: 0 }]),
    ).toEqual([{ receiptHandle: old[0], code: 'ReceiptHandleIsInvalid', senderFault: true }]);
    await clock.sleep(30_000);
    expect(await queue.receive(1, 0)).toHaveLength(1);
  });

  test('fails when a batch is larger than SQS takes', async () => {
    const { queue } = filled(1);
    expect(() => queue.receive(11, 0)).toThrow(
      'SQS takes 1 to 10 messages in a request, but 11 were given',
    );
    expect(() => queue.acknowledge([])).toThrow('but 0 were given');
  });
});
