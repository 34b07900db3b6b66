import type { Fault } from '../faults';
import { PermanentFault } from '../faults';
import type { SourceResult } from './job';

/**
 * What happens to a message. `release`: it returns after the delay for its receive count, or at
 * once after an interruption by its worker. `isBlameless`: the receive was not the job's fault and
 * must not count against it. `isInterrupted`: it counts as an interruption instead.
 */
export type Verdict =
  | { readonly action: 'acknowledge' }
  | { readonly action: 'dead-letter'; readonly fault: Fault; readonly key: string | undefined }
  | {
      readonly action: 'release';
      readonly isDelayed: boolean;
      readonly isBlameless: boolean;
      readonly isInterrupted?: boolean;
    };

/** How far a message is, and whether this receive was its job's fault. */
export interface Attempt {
  readonly receiveCount: number;
  readonly maxAttempts: number;
  readonly isBlameless: boolean;
}

/**
 * Decides by the results of the message's sources. A transient fault outweighs a permanent one
 * while attempts are left, because a dead letter ends the work on every source of the message. A
 * blameless job has any number of attempts.
 */
export function verdictOf(
  results: readonly SourceResult[],
  { receiveCount, maxAttempts, isBlameless }: Attempt,
): Verdict {
  const interrupted = results.flatMap((result) =>
    result.outcome === 'interrupted' ? [result] : [],
  );
  if (interrupted.length > 0) {
    const isDelayed = interrupted.some(({ isLocal }) => isLocal);
    return { action: 'release', isDelayed, isBlameless: true, isInterrupted: true };
  }
  const failures = results.flatMap((result) => (result.outcome === 'failed' ? [result] : []));
  const permanent = failures.find(({ fault }) => fault instanceof PermanentFault);
  const transient = failures.find(({ fault }) => !(fault instanceof PermanentFault));
  if (isBlameless || (transient && receiveCount < maxAttempts))
    return { action: 'release', isDelayed: true, isBlameless };
  const worst = permanent ?? transient;
  return worst
    ? { action: 'dead-letter', fault: worst.fault, key: worst.key }
    : { action: 'acknowledge' };
}
