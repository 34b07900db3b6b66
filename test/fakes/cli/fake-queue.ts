import type { BatchFailure, OutgoingMessage, Queue, QueueMessage } from '../../../cli/ports/queues';
import type { QueueDepth } from '../../../lambda/scaler/ports';
import { FakeQueue, type StoredMessage } from '../queue';

type Verb = 'send' | 'remove' | 'extend' | 'release';

/** The queue in memory as the operator's commands see it. */
export class FakeOperatorQueue implements Queue {
  /** Returns the code with which an entry of a batch fails. */
  readonly faults: Partial<Record<Verb, (index: number) => string | undefined>> = {};
  beforeReceive?: () => void;
  isPurged = false;
  /** What its depth is said to be; absent: what is in it. */
  shownDepth: QueueDepth | undefined;
  private readonly queue: FakeQueue;

  constructor(private readonly now: () => number) {
    this.queue = new FakeQueue({ now, after: () => () => undefined }, 30);
  }

  get messages(): readonly StoredMessage[] {
    return this.queue.messages;
  }

  /** Messages that a receive would find. */
  get visible(): number {
    return this.queue.visible;
  }

  put(body: string, attributes: Readonly<Record<string, string>> = {}, sentAt = this.now()): void {
    const values = Object.entries(attributes).map(([name, text]) => [
      name,
      { dataType: 'String', text },
    ]);
    this.queue.send(body, 0, { attributes: Object.fromEntries(values), sentAt });
  }

  async depth() {
    if (this.shownDepth) return this.shownDepth;
    const { size, visible: backlog } = this.queue;
    return { backlog, inFlight: size - backlog, delayed: 0 };
  }

  async receive(most: number, hiddenSeconds: number): Promise<readonly QueueMessage[]> {
    this.beforeReceive?.();
    return this.queue.takeVisible(most, hiddenSeconds);
  }

  async send(messages: readonly OutgoingMessage[]) {
    return this.each('send', messages, ({ body, attributes }) =>
      this.queue.send(body, 0, { attributes }),
    );
  }

  async remove(receiptHandles: readonly string[]) {
    return this.each('remove', receiptHandles, (handle) => void this.queue.remove(handle));
  }

  async extend(receiptHandles: readonly string[], hiddenSeconds: number) {
    return this.each('extend', receiptHandles, (handle) => {
      this.queue.hide(handle, hiddenSeconds);
    });
  }

  async release(receiptHandles: readonly string[]) {
    return this.each('release', receiptHandles, (handle) => void this.queue.hide(handle, 0));
  }

  async purge() {
    this.isPurged = true;
    this.queue.purge();
  }

  private each<T>(verb: Verb, entries: readonly T[], act: (entry: T) => void): BatchFailure[] {
    return entries.flatMap((entry, index) => {
      const code = this.faults[verb]?.(index);
      if (code === undefined) act(entry);
      return code === undefined ? [] : [{ index, code }];
    });
  }
}
