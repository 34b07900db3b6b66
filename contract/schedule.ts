/** Scheduler fills the placeholder, so that a delivery that it repeats cannot launch twice. */
export const SCHEDULE_INPUT = '{"scheduledTime":"<aws.scheduler.scheduled-time>"}';

/**
 * A stale run is worthless: the next one sees more. The age is the shortest that Scheduler takes.
 */
export const SCHEDULE_RETRY = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } as const;

/** How the scaler's function is run: it needs its bundle alone. */
export const SCALER_FUNCTION = {
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  timeoutSeconds: 60,
  memoryMiB: 256,
} as const;
