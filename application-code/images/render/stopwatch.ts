import type { RenderResult } from './render-result';

type Phase = keyof RenderResult['milliseconds'];

/** Adds up the milliseconds of each phase of a job. */
export class Stopwatch {
  readonly milliseconds: Record<Phase, number> = { wait: 0, read: 0, render: 0 };

  /** @param now milliseconds on a clock that never goes back. */
  constructor(private readonly now: () => number) {}

  async measure<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const start = this.now();
    try {
      return await work();
    } finally {
      this.milliseconds[phase] += this.now() - start;
    }
  }
}
