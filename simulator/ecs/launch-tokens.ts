const MINUTE = 60;

/** Tokens of the calls that have launched tasks: each minute of the scaler has others. */
export class LaunchTokens {
  private readonly used = new Set<string>();
  private minute = 0;

  /** A wake-up and a run of the schedule may use the same token in their minute. */
  isUsed(token: string, now: number): boolean {
    const minute = Math.floor(now / MINUTE);
    if (minute > this.minute) this.used.clear();
    this.minute = minute;
    return this.used.has(token);
  }

  use(token: string): void {
    this.used.add(token);
  }
}
