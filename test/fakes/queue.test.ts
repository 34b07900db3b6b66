import { FakeClock } from './clock';
import { FakeQueue } from './queue';

function filled(count: number) {
  const clock = new FakeClock();
  const queue = new FakeQueue(clock, 30);
  for (let index = 0; index < count; index += 1) queue.send(`body ${index}`);
  const { signal } = new AbortController();
  const receive = (most: number, waitSeconds = 0) => queue.receive(most, waitSeconds, signal);
  return { clock, queue, receive };
}

const handles = (messages: readonly { receiptHandle: string }[]) =>
  messages.map(({ receiptHandle }) => receiptHandle);
const visible = (receiptHandle = '', visibilityTimeoutSeconds = 0) => [
  { receiptHandle, visibilityTimeoutSeconds },
];

describe('the fake of a queue', () => {
  test('returns at most what was asked for, and hides it', async () => {
    const { receive } = filled(13);
    expect(await receive(10)).toHaveLength(10);
    expect((await receive(10)).map(({ body }) => body)).toEqual(['body 10', 'body 11', 'body 12']);
    expect(await receive(10)).toEqual([]);
  });

  test('returns a message again, counted, when its visibility timeout has run out', async () => {
    const { clock, queue, receive } = filled(1);
    const [first] = await receive(10);
    await clock.advance(30);
    const [second] = await receive(10);
    expect(second).toMatchObject({ messageId: first?.messageId, receiveCount: 2 });
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
    expect(queue.redeliveries).toBe(1);
  });

  test(
    'a long poll waits for a message that becomes visible meanwhile, and no longer ' +
      'than it was told',
    async () => {
      const { clock, queue, receive } = filled(1);
      const [held] = await receive(1);
      await queue.changeVisibility(visible(held?.receiptHandle, 3));
      const ends: number[] = [];
      const poll = async (seconds: number) => {
        const found = await receive(1, seconds);
        ends.push(clock.now(), found.length);
      };
      const start = clock.now();
      void poll(20);
      await clock.advance(20);
      void poll(2);
      await clock.advance(20);
      expect(ends).toEqual([start + 3_000, 1, start + 22_000, 0]);
    },
  );

  test('a visibility timeout of 0 releases a message, which is then not in flight', async () => {
    const { queue, receive } = filled(1);
    const [held] = await receive(1);
    const release = visible(held?.receiptHandle);
    expect(await queue.changeVisibility(release)).toEqual([]);
    expect(await queue.changeVisibility(release)).toMatchObject([{ code: 'MessageNotInflight' }]);
    expect(await receive(1)).toMatchObject([{ receiveCount: 2 }]);
  });

  test('is empty with the last acknowledgement, not before', async () => {
    const { queue, receive } = filled(2);
    const onEmpty = jest.fn();
    queue.onEmpty = onEmpty;
    const [first = '', second = ''] = handles(await receive(10));
    await queue.acknowledge([first]);
    expect(onEmpty).not.toHaveBeenCalled();
    await queue.acknowledge([second]);
    expect(onEmpty).toHaveBeenCalledTimes(1);
  });

  test(
    'an old receipt handle neither deletes nor hides a message that another consumer ' + 'holds',
    async () => {
      const { clock, queue, receive } = filled(1);
      const [old = ''] = handles(await receive(1));
      await clock.advance(30);
      await receive(1);
      const refused = { receiptHandle: old, code: 'ReceiptHandleIsInvalid', senderFault: true };
      expect(await queue.acknowledge([old])).toEqual([refused]);
      queue.refusesOldHandles = false;
      expect(await queue.acknowledge([old])).toEqual([]);
      expect(await queue.changeVisibility(visible(old))).toEqual([refused]);
      await clock.advance(30);
      expect(await receive(1)).toHaveLength(1);
    },
  );

  test('fails when a batch is larger than SQS takes', async () => {
    const { queue, receive } = filled(1);
    await expect(receive(11)).rejects.toThrow('SQS takes 1 to 10 messages in a request, not 11');
    await expect(queue.acknowledge([])).rejects.toThrow('not 0');
  });

  test('moves a message that was received too often, and no longer returns it', async () => {
    const { clock } = filled(0);
    const queue = new FakeQueue(clock, 30, 2);
    queue.send('poison', 2);
    expect(await queue.receive(10, 0, new AbortController().signal)).toEqual([]);
    expect([queue.moved, queue.size]).toEqual([['poison'], 0]);
  });
});
