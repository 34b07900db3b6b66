import type { BatchFailure, MessageAttribute, Queue, QueueMessage } from '../../../cli/ports';

interface Kept extends Omit<QueueMessage, 'receiptHandle'> {
  visibleAt: number;
  receipts: number;
}

export interface QueueDouble extends Queue {
  /** Bodies in order, with the attributes of each. */
  readonly messages: readonly Pick<
    Kept,
    'body' | 'attributes' | 'messageId' | 'visibleAt' | 'receipts'
  >[];
  put(body: string, attributes?: Readonly<Record<string, string>>, sentAt?: number): void;
  /** What each call that is named answers next instead. */
  readonly faults: Partial<
    Record<'send' | 'remove' | 'keepHidden' | 'giveBack', (index: number) => string | undefined>
  >;
  /** Called before each receive. */
  beforeReceive?: () => void;
  isPurged: boolean;
}

const asText = (text: string): MessageAttribute => ({ dataType: 'String', text });

/** A queue in memory, whose messages are hidden while somebody has them. */
export function queueDouble(now: () => number): QueueDouble {
  let kept: Kept[] = [];
  let ids = 0;
  const handleOf = ({ messageId, receipts }: Kept) => `${messageId}/${receipts}`;
  const add = (body: string, attributes: Kept['attributes'], sentAt: number) => {
    ids += 1;
    kept.push({ messageId: `m${ids}`, body, attributes, sentAt, visibleAt: 0, receipts: 0 });
  };
  const each = (name: keyof QueueDouble['faults'], count: number, act: (index: number) => void) =>
    Array.from({ length: count }, (_, index): BatchFailure | undefined => {
      const code = double.faults[name]?.(index);
      if (code === undefined) act(index);
      return code === undefined ? undefined : { index, code };
    }).filter((failure) => failure !== undefined);
  const hideUntil = (
    name: 'keepHidden' | 'giveBack',
    handles: readonly string[],
    visibleAt: number,
  ) =>
    each(name, handles.length, (index) => {
      const held = kept.find(
        (message) => handleOf(message) === handles[index] && message.visibleAt > now(),
      );
      if (held) held.visibleAt = visibleAt;
    });
  const double: QueueDouble = {
    faults: {},
    isPurged: false,
    get messages() {
      return kept;
    },
    put(body, attributes = {}, sentAt = now()) {
      const values = Object.entries(attributes).map(([name, text]) => [name, asText(text)]);
      add(body, Object.fromEntries(values), sentAt);
    },
    async depth() {
      const backlog = kept.filter(({ visibleAt }) => visibleAt <= now()).length;
      return { backlog, inFlight: kept.length - backlog, delayed: 0 };
    },
    async receive(most, hiddenSeconds) {
      double.beforeReceive?.();
      const some = kept.filter(({ visibleAt }) => visibleAt <= now()).slice(0, most);
      for (const message of some) {
        message.visibleAt = now() + hiddenSeconds * 1_000;
        message.receipts += 1;
      }
      return some.map((message) => ({ ...message, receiptHandle: handleOf(message) }));
    },
    send: async (messages) =>
      each('send', messages.length, (index) => {
        const { body = '', attributes = {} } = messages[index] ?? {};
        add(body, attributes, now());
      }),
    remove: async (handles) =>
      each('remove', handles.length, (index) => {
        kept = kept.filter((message) => handleOf(message) !== handles[index]);
      }),
    keepHidden: async (handles, hiddenSeconds) =>
      hideUntil('keepHidden', handles, now() + hiddenSeconds * 1_000),
    giveBack: async (handles) => hideUntil('giveBack', handles, 0),
    async purge() {
      double.isPurged = true;
      kept = [];
    },
  };
  return double;
}
