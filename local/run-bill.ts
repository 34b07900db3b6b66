import { type Bill, billedSeconds, billOf } from '../contract/bill';
import type { CapacityProvider } from './ports';

/** What a local run did, as far as AWS would bill it. */
export interface RunUse {
  /** One for each task. */
  readonly tasks: readonly {
    readonly capacityProvider: CapacityProvider;
    readonly seconds: number;
  }[];
  readonly vcpus: number;
  readonly memoryGb: number;
  /** Source objects. */
  readonly objects: number;
  /** Of a source: one more where its outputs replace others. */
  readonly readsPerObject: 1 | 2;
  readonly outputs: number;
  readonly deadLetters: number;
  /** Requests that uploaded the sources. */
  readonly uploads: number;
  readonly scalerRuns: number;
}

/**
 * What the same run would have cost on AWS. A job reads its object and, where its outputs replace
 * others, checks it before it acknowledges: both count as GET. Up to ten messages share a request
 * to SQS; they are counted as if each were received and deleted alone, so that the price is never
 * too low. A log of this size costs nothing to speak of.
 */
export function billOfRun(run: RunUse): Bill {
  const emptyReceives = 3 * run.tasks.length;
  const secondsOn = (provider: CapacityProvider) =>
    run.tasks
      .filter(({ capacityProvider }) => capacityProvider === provider)
      .reduce((sum, { seconds }) => sum + billedSeconds(seconds), 0);
  return billOf({
    architecture: 'arm64',
    vcpus: run.vcpus,
    memoryGb: run.memoryGb,
    taskSeconds: { FARGATE: secondsOn('FARGATE'), FARGATE_SPOT: secondsOn('FARGATE_SPOT') },
    hasPublicAddress: true,
    puts: run.uploads + run.outputs,
    gets: run.readsPerObject * run.objects,
    sqsRequests: 3 * run.objects + run.deadLetters + emptyReceives + run.scalerRuns,
    scalerRuns: run.scalerRuns,
  });
}
