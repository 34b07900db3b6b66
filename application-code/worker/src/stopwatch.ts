/** Adds up the milliseconds of each phase. */
export class Stopwatch<Phase extends string> {
  readonly milliseconds: Record<Phase, number>;

  /** @param now milliseconds on a clock. */
  constructor(
    phases: readonly Phase[],
    private readonly now: () => number,
  ) {
    const none = phases.map((phase) => [phase, 0]);
    this.milliseconds = Object.fromEntries(none) as Record<Phase, number>;
  }

  async measure<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const startedAt = this.now();
    try {
      return await work();
    } finally {
      this.milliseconds[phase] += this.now() - startedAt;
    }
  }
}
