import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../application-code/worker/src/clock';

/** A clock that goes only when it is told to. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Lets so many seconds go by, timer after timer, with everything that each of them sets off. */
  async advance(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settled();
    }
    this.time = end;
  }

  private next(end: number) {
    return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Settles when nothing that needs no timer is left to do. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
