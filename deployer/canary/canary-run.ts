import type { VariableName as WorkerVariable } from '../../application-code/worker/src/settings';
import type {
  DestinationKind,
  ShardVariable,
} from '../../application-code/worker/src/shard-settings';
import type {
  OutputReader,
  Sample,
  Trial,
} from '../../application-code/worker/src/workload/canary';
import { canaryPrefix, type DeliveryTarget } from '../../contract/delivery';
import { objectCreatedEvent } from '../../contract/object-created-event';
import type { Bucket, DeployPorts, Revision } from '../ports';
import { orWarn } from '../report';

/** One run of a canary's task. */
export interface CanaryRun {
  readonly runId: string;
  readonly revision: Revision;
  readonly trial: Trial;
  /** Begins every key that the run writes, in both buckets. */
  readonly prefix: string;
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
  readonly timeoutSeconds: number;
}

/**
 * Folders of their own: with both buckets the same, outputs must not lie below the sources. And a
 * task of another run that receives this run's samples refuses them, instead of passing in its
 * place.
 */
export function planRun(
  target: DeliveryTarget,
  run: Pick<CanaryRun, 'runId' | 'revision' | 'trial' | 'timeoutSeconds'>,
): CanaryRun {
  const prefix = `${canaryPrefix(target.pipeline)}${run.runId}/`;
  return { ...run, prefix, sourcePrefix: `${prefix}in/`, destinationPrefix: `${prefix}out/` };
}

/**
 * All samples lie in the queue before the task starts, so that an empty queue means that it is
 * done.
 */
const IDLE_EXIT_SECONDS = 3;

/** Variables in which the canary's worker differs from the fleet's. */
export function overridesOf(
  target: DeliveryTarget,
  { sourcePrefix, destinationPrefix }: CanaryRun,
): Readonly<Partial<Record<WorkerVariable | ShardVariable, string>>> {
  return {
    QUEUE_URL: target.canaryQueueUrl,
    DEAD_LETTER_QUEUE_URL: target.canaryDeadLetterQueueUrl,
    SOURCE_PREFIX: sourcePrefix,
    DESTINATION_PREFIX: destinationPrefix,
    IDLE_EXIT_SECONDS: String(IDLE_EXIT_SECONDS),
    // Its outputs are judged one by one, whatever the fleet makes of them.
    DESTINATION_KIND: 'objects' satisfies DestinationKind,
  };
}

/** Puts the samples, then sends their events: a task that starts finds all of them. */
export async function layOut(
  { objects, queues, clock, signal }: DeployPorts,
  target: DeliveryTarget,
  { trial, sourcePrefix }: CanaryRun,
): Promise<void> {
  const bucket = sourceBucket(target);
  const keyOf = ({ path }: Sample) => `${sourcePrefix}${path}`;
  await Promise.all(
    trial.samples.map((sample) =>
      objects.put(bucket, keyOf(sample), sample.body, sample.contentType),
    ),
  );
  signal.throwIfAborted();
  const origin = { bucket: bucket.name, configurationId: 'spillway-canary', now: clock.now() };
  const events = trial.samples.map((sample) =>
    objectCreatedEvent([{ key: keyOf(sample), bytes: sample.body.length }], origin),
  );
  await queues.send(target.canaryQueueUrl, events);
}

export function outputReader(
  { objects }: DeployPorts,
  target: DeliveryTarget,
  { destinationPrefix }: CanaryRun,
): OutputReader {
  return (path) => objects.get(destinationBucket(target), `${destinationPrefix}${path}`);
}

/** Removes what the run wrote. A rule of the buckets clears the rest in time. */
export async function cleanUp(
  ports: DeployPorts,
  target: DeliveryTarget,
  { prefix }: CanaryRun,
): Promise<void> {
  const { objects } = ports;
  for (const bucket of [sourceBucket(target), destinationBucket(target)]) {
    await orWarn(ports, `clearing ${prefix} of ${bucket.name}`, async () => {
      const keys = await objects.keys(bucket, prefix);
      await Promise.all(keys.map((key) => objects.remove(bucket, key)));
    });
  }
}

function sourceBucket({ sourceBucket: name, accountId }: DeliveryTarget): Bucket {
  return { name, accountId };
}

function destinationBucket({ destinationBucket: name, accountId }: DeliveryTarget): Bucket {
  return { name, accountId };
}
