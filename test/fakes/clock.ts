import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../application-code/worker/src/clock';

/** A clock that `advance` moves, or that hurries to the next timer when nothing else is left. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(private readonly hurries = false) {}

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    if (this.hurries) setImmediate(() => this.timers.has(timer) && this.fire(timer));
    return () => void this.timers.delete(timer);
  }

  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Moves the time by this many seconds, timer after timer, and lets each run to its end. */
  async advance(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.fire(next);
      await settled();
    }
    this.time = end;
  }

  private next(end: number) {
    return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }

  private fire(timer: { readonly at: number; readonly callback: () => void }): void {
    this.timers.delete(timer);
    this.time = Math.max(this.time, timer.at);
    timer.callback();
  }
}

/** Settles when nothing that needs no timer is left to do. */
async function settled(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await turn();
}
