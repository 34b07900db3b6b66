import { type Clock, jittered, pause } from '../clock';
import { MAX_BATCH_ENTRIES } from './batcher';
import type { Message, WorkQueue } from './ports';

export interface DeliveriesOptions {
  /** Messages held at a time. */
  readonly slots: number;
  /** Messages that are taken in all; absent: as many as there are. */
  readonly jobLimit?: number | undefined;
  /** The drain waits for open polls until this deadline, so every poll must be short beside it. */
  readonly drainDeadlineSeconds: number;
  /** Empty receives for this long, with no message held, end the deliveries. */
  readonly idleExitSeconds: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Takes messages that came after `stop` or while nothing may be held, to release them. */
  readonly onLate: (messages: readonly Message[]) => void;
  readonly onReceiveError: (error: unknown) => void;
}

/**
 * Why the messages end. `limit`: all have been taken that may be. `failing`: the queue has not
 * answered for {@link FAILING_SECONDS}.
 */
export type DeliveriesEnd = 'idle' | 'stopped' | 'limit' | 'failing';

/** Receives that fail for this long, with no message held, end the deliveries. */
const FAILING_SECONDS = 60;
/** Jobs that failed here are hidden for a while, so the queue looks empty sooner than it is. */
const RESTRICTED_IDLE_TIMES = 3;
/** Longest wait of a poll: it costs little, and is a tenth of the default drain deadline. */
const MAX_WAIT_SECONDS = 10;
/**
 * Longest time that a free slot waits for nine others, so that one receive fills all of them. At
 * ten jobs a second or more it does not run out. A receive costs the CPU time of a small job.
 */
const LINGER_MILLISECONDS = 1_000;
const FIRST_BACKOFF_MILLISECONDS = 200;
const MAX_BACKOFF_MILLISECONDS = 10_000;

/**
 * The messages that are delivered to this worker, at most one for each slot. A message takes its
 * slot from the request that may bring it until `free` is called for it, so that no message waits
 * here while other workers idle.
 *
 * While the queue is empty, one poll is open if a slot is free. While messages come, a poll waits
 * until it can bring ten, but never until more than half of the slots are empty, nor longer than a
 * second: requests cost money and CPU, an empty slot costs time.
 *
 * Polls stop when the queue has been empty for the idle time with no message held, when it has
 * failed for a minute, when as many messages have come as may, or after `stop`. The iteration ends
 * when the last poll has ended. If `allow` has restricted the slots, the queue must have been empty
 * three times as long; if it allows none, an empty queue ends nothing.
 */
export class Deliveries implements AsyncIterable<Message> {
  private freeSlots: number;
  private allowed: number;
  /** Messages that may still be asked for. */
  private left: number;
  private held = 0;
  private polls = 0;
  private failures = 0;
  private isFlowing = false;
  private cancelLinger: (() => void) | undefined;
  private ended: DeliveriesEnd | undefined;
  /** Start of an unbroken series of empty receives, and of one of failed receives. */
  private emptySince: number | undefined;
  private failingSince: number | undefined;
  private readonly ready: Message[] = [];
  private busyAt = 0;
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
  private wake: () => void = () => undefined;

  constructor(
    private readonly queue: Pick<WorkQueue, 'receive'>,
    private readonly options: DeliveriesOptions,
  ) {
    this.freeSlots = options.slots;
    this.allowed = options.slots;
    this.left = options.jobLimit ?? Number.POSITIVE_INFINITY;
  }

  /** Why the iteration ended; undefined before. */
  get end(): DeliveriesEnd | undefined {
    return this.ended;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    this.pollMore();
    for (;;) {
      for (let next = this.ready.shift(); next; next = this.ready.shift()) yield next;
      if (this.ended && this.polls === 0) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Frees a slot: the message that took it has been settled. */
  free(): void {
    this.freeSlots += 1;
    this.held -= 1;
    this.busyAt = this.options.clock.now();
    this.emptySince = undefined;
    this.pollMore();
  }

  /** Limits the slots, 0 to all of them. More messages than that may be held for a while. */
  allow(slots: number): void {
    this.allowed = slots;
    this.emptySince = undefined;
    this.busyAt = this.options.clock.now();
    if (slots === 0) this.turnAway(this.ready.splice(0));
    this.pollMore();
  }

  /**
   * Ends polling. Open polls end by themselves, since SQS hides what an aborted one would bring.
   */
  stop(): void {
    this.finish('stopped');
    this.stopping.abort();
    this.turnAway(this.ready.splice(0));
  }

  /** Aborts the open polls. Messages that they would have brought stay hidden for a while. */
  abort(): void {
    this.aborting.abort();
  }

  private pollMore(): void {
    while (!this.ended && this.room() > 0 && this.mayPoll()) void this.poll();
    if (!this.ended && this.room() > 0) this.linger();
  }

  /** Polls for fewer messages later. While no messages come, the end of a poll opens the next. */
  private linger(): void {
    this.cancelLinger ??= this.options.clock.after(LINGER_MILLISECONDS, () => {
      this.cancelLinger = undefined;
      if (this.isFlowing && this.room() > 0) void this.poll();
    });
  }

  private stopLingering(): void {
    this.cancelLinger?.();
    this.cancelLinger = undefined;
  }

  private room(): number {
    const taken = this.options.slots - this.freeSlots;
    return Math.min(this.freeSlots, this.allowed - taken, this.left);
  }

  private turnAway(messages: readonly Message[]): void {
    this.freeSlots += messages.length;
    this.held -= messages.length;
    this.options.onLate(messages);
  }

  private mayPoll(): boolean {
    if (!this.isFlowing) return this.polls === 0;
    const slots = Math.min(this.options.slots, this.allowed, this.left);
    return this.room() >= Math.min(MAX_BATCH_ENTRIES, Math.ceil(slots / 2));
  }

  private async poll(): Promise<void> {
    const maxMessages = Math.min(MAX_BATCH_ENTRIES, this.room());
    const startedAt = this.options.clock.now();
    this.stopLingering();
    this.polls += 1;
    this.freeSlots -= maxMessages;
    this.left -= maxMessages;
    try {
      const messages = await this.queue.receive(
        maxMessages,
        this.waitSeconds(),
        this.aborting.signal,
      );
      this.freeSlots += maxMessages - messages.length;
      this.left += maxMessages - messages.length;
      this.received(messages, startedAt);
    } catch (error) {
      this.freeSlots += maxMessages;
      this.left += maxMessages;
      await this.failed(error, startedAt);
    }
    this.polls -= 1;
    this.endWhenDone();
    this.pollMore();
    this.wake();
  }

  private received(messages: readonly Message[], startedAt: number): void {
    this.failures = 0;
    this.failingSince = undefined;
    this.isFlowing = messages.length > 0;
    this.held += messages.length;
    const emptySince = this.emptySince ?? Math.max(startedAt, this.busyAt);
    this.emptySince = this.held > 0 || this.allowed === 0 ? undefined : emptySince;
    if (this.ended || this.allowed === 0) this.turnAway(messages);
    else this.ready.push(...messages);
  }

  private async failed(error: unknown, startedAt: number): Promise<void> {
    if (this.aborting.signal.aborted) return;
    this.options.onReceiveError(error);
    this.failures += 1;
    this.isFlowing = false;
    this.emptySince = undefined;
    this.failingSince ??= startedAt;
    if (this.ended) return;
    const ceiling = Math.min(
      MAX_BACKOFF_MILLISECONDS,
      FIRST_BACKOFF_MILLISECONDS * 2 ** (this.failures - 1),
    );
    const { clock, random } = this.options;
    await pause(clock, jittered(ceiling, random), this.stopping.signal);
  }

  private endWhenDone(): void {
    if (this.left === 0 && this.polls === 0) this.finish('limit');
    const isHolding = this.freeSlots < this.options.slots;
    if (isHolding) return;
    if (this.since(this.emptySince) >= this.idleSeconds()) this.finish('idle');
    if (this.since(this.failingSince) >= FAILING_SECONDS) this.finish('failing');
  }

  private finish(end: DeliveriesEnd): void {
    this.ended ??= end;
    this.stopLingering();
    this.wake();
  }

  private waitSeconds(): number {
    const { drainDeadlineSeconds } = this.options;
    const untilIdle = Math.ceil(this.idleSeconds() - this.since(this.emptySince));
    return Math.max(1, Math.min(MAX_WAIT_SECONDS, untilIdle, Math.floor(drainDeadlineSeconds / 2)));
  }

  private idleSeconds(): number {
    const { slots, idleExitSeconds } = this.options;
    return this.allowed < slots ? RESTRICTED_IDLE_TIMES * idleExitSeconds : idleExitSeconds;
  }

  private since(time: number | undefined): number {
    return time === undefined ? 0 : (this.options.clock.now() - time) / 1000;
  }
}
