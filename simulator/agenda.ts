import FlatQueue from 'flatqueue';

/** An event other than the end of a lot, of which there are millions. */
export type Event = () => void | Promise<void>;

/** What happens when, in seconds from the start. */
export class Agenda {
  now = 0;
  private readonly events = new FlatQueue<Event>();
  private readonly ends = new FlatQueue<number>();

  /** Events that are due at one time happen in no certain order, but always in the same. */
  at(seconds: number, event: Event): void {
    this.events.push(event, seconds);
  }

  /** The slot's lot ends then, if it has not been cut short before. */
  endOfLot(slot: number, seconds: number): void {
    this.ends.push(slot, seconds);
  }

  /**
   * Lets time pass until nothing is planned, or something is due after `until`.
   * @param onEnd is told the slot whose lot ends.
   */
  async pass(until: number, onEnd: (slot: number) => void): Promise<void> {
    for (;;) {
      const nextEnd = this.ends.peekValue() ?? Number.POSITIVE_INFINITY;
      const nextEvent = this.events.peekValue() ?? Number.POSITIVE_INFINITY;
      const next = Math.min(nextEnd, nextEvent);
      if (next > until || next === Number.POSITIVE_INFINITY) return;
      this.now = next;
      if (nextEnd <= nextEvent) {
        onEnd(this.ends.pop() ?? 0);
      } else {
        const happened = this.events.pop()?.();
        if (happened) await happened;
      }
    }
  }
}
