/** Room that one holder has in a pool. */
export interface Hold {
  /** What is held now. */
  readonly amount: number;
  /** Releases a part; growing is impossible, since it could deadlock. */
  shrinkTo(amount: number): void;
  /** Releases everything; harmless when repeated. */
  release(): void;
}

interface Waiter {
  readonly amount: number;
  readonly admit: (hold: Hold) => void;
}

/**
 * A quantity (bytes of memory, decoders) shared first come, first served. The first in
 * line waits until there is room for it, and none passes it meanwhile, so that a large request
 * cannot starve.
 */
export class MemoryPool {
  private heldBytes = 0;
  private readonly waiters: Waiter[] = [];

  constructor(readonly capacity: number) {}

  /** What all holders have together: never above `capacity`. */
  get held(): number {
    return this.heldBytes;
  }

  get waiting(): number {
    return this.waiters.length;
  }

  /**
   * Waits for room.
   * @throws RangeError for more than the capacity; the signal's reason when it is aborted while
   *   waiting.
   */
  acquire(amount: number, signal?: AbortSignal): Promise<Hold> {
    if (!(amount >= 0 && amount <= this.capacity)) {
      return Promise.reject(new RangeError(`${amount} was asked of a pool of ${this.capacity}`));
    }
    return new Promise<Hold>((resolve, reject) => {
      signal?.throwIfAborted();
      const waiter: Waiter = {
        amount,
        admit: (hold) => {
          signal?.removeEventListener('abort', leave);
          resolve(hold);
        },
      };
      const leave = () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        this.admitWaiters();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiters.push(waiter);
      this.admitWaiters();
    });
  }

  private admitWaiters(): void {
    for (let first = this.waiters[0]; first && this.fits(first); first = this.waiters[0]) {
      this.waiters.shift();
      first.admit(this.hold(first.amount));
    }
  }

  private fits(waiter: Waiter): boolean {
    return this.heldBytes + waiter.amount <= this.capacity;
  }

  private hold(initial: number): Hold {
    let amount = initial;
    this.heldBytes += amount;
    const shrinkTo = (smaller: number) => {
      const kept = Math.max(0, Math.min(amount, smaller));
      this.heldBytes -= amount - kept;
      amount = kept;
      this.admitWaiters();
    };
    return {
      get amount() {
        return amount;
      },
      shrinkTo,
      release: () => shrinkTo(0),
    };
  }
}
