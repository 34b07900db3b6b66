import { Interruption } from '../faults';
import type { SourceResult } from './job';
import type { DeliverySamples } from './samples';

/**
 * The results of a job once its samples are written: what is in no part is not done.
 * @param onWait called when that takes the end of other jobs.
 */
export async function withSamples(
  results: readonly SourceResult[],
  samples: DeliverySamples | undefined,
  onWait: () => void,
): Promise<readonly SourceResult[]> {
  if (samples === undefined || samples.waitsFor === 'nothing') return results;
  if (samples.waitsFor === 'shared part') onWait();
  const failure = await samples.written();
  if (failure === undefined) return results;
  return results.map((result) => {
    if (result.outcome !== 'done' && result.outcome !== 'left-out') return result;
    const { key } = result;
    return failure instanceof Interruption
      ? { outcome: 'interrupted', key, because: failure.message }
      : { outcome: 'failed', key, fault: failure };
  });
}
