import { randomUUID } from 'node:crypto';

/**
 * Calls of the scaler beside its schedule. Each call has an id of its own, since ECS launches
 * nothing for the client tokens of an earlier run of the same minute.
 */
export class ScalerCalls {
  private calls = 0;
  private last = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param invoke runs the scaler.
   * @param onFailure called for each call that failed. The schedule continues.
   */
  constructor(
    private readonly invoke: (invocationId: string) => Promise<unknown>,
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
    this.running = this.running.then(async () => {
      await this.invoke(randomUUID()).catch(this.onFailure);
    });
    return this.running;
  }

  /** Calls the scaler unless a call began within the last `seconds`. */
  async callEvery(seconds: number): Promise<void> {
    if (this.now() - this.last >= seconds * 1_000) await this.call();
  }
}
