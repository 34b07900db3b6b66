import type { Canary } from '../../application-code/worker/src/workload/canary';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';

/**
 * The canary of a workload; its folder holds it in `canary.ts`. The path is written so that the
 * bundle holds the `canary.ts` of every workload.
 * @param workload a folder below `application-code/`.
 * @throws Error when it cannot be loaded.
 */
export async function loadCanary(workload = DEFAULT_WORKLOAD): Promise<Canary> {
  try {
    const { canary } = await import(`../../application-code/${workload}/canary.ts`);
    return canary;
  } catch (cause) {
    throw new Error(
      `The workload ${workload} has no canary that can be loaded (${String(cause)}): its folder ` +
        'needs a canary.ts that exports `canary`, and the stacks another deploy. Without one, ' +
        'give the pipeline an `image`.',
      { cause },
    );
  }
}
