/**
 * Calls of the scaler beside its schedule. Each one passes a minute of its own that is over: the
 * scaler's client tokens are made of the minute, and a token that was used before means to it that
 * this launch has already happened.
 */
export class ScalerCalls {
  private calls = 0;
  private last = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param invoke runs the scaler for a scheduled minute.
   * @param onFailure told of a call that failed; the schedule goes on.
   */
  constructor(
    private readonly invoke: (scheduled: Date) => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** How often it was called. */
  get count(): number {
    return this.calls;
  }

  /**
   * Calls it now, or after the call that is under way: two at once would launch tasks for the same
   * jobs.
   */
  call(): Promise<void> {
    this.calls++;
    this.last = this.now();
    const scheduled = new Date(this.last - this.calls * 60_000);
    this.running = this.running.then(async () => {
      await this.invoke(scheduled).catch(this.onFailure);
    });
    return this.running;
  }

  /** Calls it unless it was called within the last so many seconds. */
  async callEvery(seconds: number): Promise<void> {
    if (this.now() - this.last >= seconds * 1_000) await this.call();
  }
}
