/**
 * Calls of the scaler beside its schedule. Each call passes another minute of the past: the
 * scaler makes its client tokens of the minute, and ECS launches nothing for a token that was used
 * before.
 */
export class ScalerCalls {
  private calls = 0;
  private last = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param invoke runs the scaler for a scheduled minute.
   * @param onFailure called for each call that failed. The schedule continues.
   */
  constructor(
    private readonly invoke: (scheduled: Date) => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Number of calls. */
  get count(): number {
    return this.calls;
  }

  /**
   * Calls the scaler now, or after the call that is under way: two calls at a time would launch
   * tasks for the same jobs.
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

  /** Calls the scaler unless a call began within the last `seconds`. */
  async callEvery(seconds: number): Promise<void> {
    if (this.now() - this.last >= seconds * 1_000) await this.call();
  }
}
