import type { FaultKind } from './fault-kinds';

type Strikes = ReadonlyMap<FaultKind, number>;

/** Faults after which a message that was received has to be received once more. */
export const COST_RECEIVES: readonly FaultKind[] = [
  'sqs-throttling',
  'sqs-internal-error',
  'sqs-reset-before',
  'sqs-reset-after',
  'sqs-partial-batch',
  'sqs-expired-receipt',
  'sqs-duplicate',
  'sqs-delayed',
  'task-killed-before',
  'task-killed-after',
  'spot-interruption',
  'task-paused',
];
/** The queue moves a message that has been received this often more than `MAX_ATTEMPTS`. */
const BACKSTOP_RECEIVES = 2;

/**
 * Dead letters that the queue itself may have moved: each one takes more receives than a job has
 * attempts, and each receive that came to nothing takes a fault. That the same faults spoil several
 * messages so often in a row is not allowed for.
 */
export function explainedUnattributed(
  { maxAttempts }: { readonly maxAttempts: number },
  strikes: Strikes,
): number {
  const spoiled = COST_RECEIVES.reduce((sum, kind) => sum + (strikes.get(kind) ?? 0), 0);
  return Math.floor(spoiled / (maxAttempts + BACKSTOP_RECEIVES + 1));
}

/**
 * Tasks that may be there at once. Counts of the queue that are old never make more than the
 * maximum, because the scaler takes the tasks off that it sees. One that does not see the launches
 * of the run before it, since ListTasks lags or the two ran at the same time, launches up to one
 * fleet again; a plan blinds a run in only one of the two ways, and never two in a row.
 */
export function largestFleet(maxTasks: number, strikes: Strikes): number {
  const blinded = (strikes.get('list-tasks-lags') ?? 0) + (strikes.get('scaler-overlaps') ?? 0);
  return blinded > 0 ? 2 * maxTasks : maxTasks;
}
