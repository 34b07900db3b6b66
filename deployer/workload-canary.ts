import type { Canary } from '../application-code/worker/src/workload/canary';
import { DEFAULT_WORKLOAD } from '../application-code/workloads';

/**
 * The canary of a workload; its folder holds it in `canary.ts`. The bundle has all of them.
 * @param workload a folder below `application-code/`.
 */
export async function loadCanary(workload = DEFAULT_WORKLOAD): Promise<Canary> {
  const { canary } = await import(`../application-code/${workload}/canary.ts`);
  return canary;
}
