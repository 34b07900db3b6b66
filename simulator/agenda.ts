import FlatQueue from 'flatqueue';
import type { LotInHand } from './workers/lots';

/** An event other than the end of a lot, of which there are millions. */
export type Event = () => void | Promise<void>;

/** What happens when, in seconds from the start. */
export class Agenda {
  now = 0;
  /** Counts what has happened. */
  steps = 0;
  private readonly events = new FlatQueue<Event>();
  private readonly ends = new FlatQueue<LotInHand>();

  /** Events that are due at one time happen in no certain order, but always in the same. */
  at(seconds: number, event: Event): void {
    this.events.push(event, seconds);
  }

  /** The lot ends then, if it has not been cut short before. */
  endOfLot(lot: LotInHand, seconds: number): void {
    this.ends.push(lot, seconds);
  }

  /**
   * Lets time pass until nothing is planned, or something is due after `until`. Ends of lots come
   * before other events of the same time.
   */
  async pass(until: number, onEnd: (lot: LotInHand) => void): Promise<void> {
    for (;;) {
      const nextEnd = this.ends.peekValue() ?? Number.POSITIVE_INFINITY;
      const nextEvent = this.events.peekValue() ?? Number.POSITIVE_INFINITY;
      const next = Math.min(nextEnd, nextEvent);
      if (next > until || next === Number.POSITIVE_INFINITY) return;
      this.now = next;
      this.steps += 1;
      if (nextEnd <= nextEvent) {
        onEnd(this.ends.pop() as LotInHand);
      } else {
        const happened = this.events.pop()?.();
        if (happened) await happened;
      }
    }
  }
}
