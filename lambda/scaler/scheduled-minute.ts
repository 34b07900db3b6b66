const MINUTE = 60_000;

/** What EventBridge Scheduler sends, its input with the placeholder filled in, or an operator. */
export interface ScheduledEvent {
  /** ISO 8601; the bare placeholder from schedulers that do not fill it. */
  readonly scheduledTime?: string;
  /**
   * Sets a run by hand apart from the scheduled one of its minute; the same id repeated launches
   * nothing more. The schedule sends none.
   */
  readonly invocationId?: string;
}

/**
 * The minute that a run stands for, in milliseconds since the epoch. A delivery that Scheduler
 * repeats carries the same one, and so cannot launch twice. Without a readable time it is the
 * minute of `now`.
 */
export function scheduledMinute(event: ScheduledEvent | null | undefined, now: number): number {
  const given = Date.parse(event?.scheduledTime ?? '');
  const time = Number.isNaN(given) ? now : given;
  return time - (time % MINUTE);
}
