import { setImmediate } from 'node:timers/promises';

/** Lets several actors continue step by step, in a given order. */
export class Turns {
  private readonly waiting = new Map<string, (() => void)[]>();

  /** What an actor awaits at each of its steps. */
  of(who: string): () => Promise<void> {
    return () =>
      new Promise((resolve) => {
        const queue = this.waiting.get(who) ?? [];
        this.waiting.set(who, [...queue, resolve]);
      });
  }

  /** Lets all actors continue to the end: first as the stretches say, then in turn. */
  async drive<T>(
    stretches: readonly (readonly [who: string, steps: number])[],
    end: Promise<T>,
  ): Promise<T> {
    for (const [who, steps] of stretches) {
      for (let step = 0; step < steps; step += 1) await this.step(who);
    }
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    end.then(over, over);
    while (!isOver) {
      for (const who of [...this.waiting.keys()]) await this.step(who);
      await setImmediate();
    }
    return end;
  }

  private async step(who: string): Promise<void> {
    const [next, ...rest] = this.waiting.get(who) ?? [];
    this.waiting.set(who, rest);
    next?.();
    await setImmediate();
  }
}
