/**
 * Tasks that may start at once, and each second after that, by capacity provider:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
 */
const BUCKET = { tasks: 100, perSecond: 20 } as const;

/** The token bucket of Fargate. The SDK repeats a call that finds it empty until it is not. */
export class LaunchRate {
  private tokens: number = BUCKET.tasks;
  private at = 0;

  /** @returns when a task that is asked for now is created. */
  take(now: number): number {
    const from = Math.max(now, this.at);
    const tokens = Math.min(BUCKET.tasks, this.tokens + (from - this.at) * BUCKET.perSecond);
    const wait = Math.max(0, 1 - tokens) / BUCKET.perSecond;
    this.at = from + wait;
    this.tokens = tokens + wait * BUCKET.perSecond - 1;
    return this.at;
  }

  /** Seconds until all that was asked for has been created. */
  delay(now: number): number {
    return Math.max(0, this.at - now);
  }
}
