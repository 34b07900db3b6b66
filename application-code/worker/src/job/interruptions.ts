import { PermanentFault } from '../faults';
import type { SourceResult } from './job';

/** How often a job was interrupted before, and how often it may be. */
export interface InterruptionBound {
  readonly interruptions: number;
  readonly maxInterruptions: number;
}

/**
 * Results in which an interruption is the job's end if it is one too many: a job that takes longer
 * than its tasks live would otherwise be done from its beginning forever.
 */
export function boundInterruptions(
  results: readonly SourceResult[],
  { interruptions, maxInterruptions }: InterruptionBound,
): readonly SourceResult[] {
  const times = interruptions + 1;
  if (times < maxInterruptions) return results;
  return results.map((result) => {
    if (result.outcome !== 'interrupted') return result;
    const { because, isLocal: _isLocal, ...rest } = result;
    return { ...rest, outcome: 'failed', fault: interruptedFault(times, because) };
  });
}

function interruptedFault(times: number, because: string): PermanentFault {
  return new PermanentFault(
    'Interrupted',
    `The job was interrupted ${times} times without a fault of its own. The last time: ` +
      `${because} Where Spot ends its tasks, run it on demand or make it shorter; where other ` +
      'jobs disturb it, give the task more room; or raise MAX_INTERRUPTIONS.',
  );
}
