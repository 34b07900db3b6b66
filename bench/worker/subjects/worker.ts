import { readEnvironment, type WorkerEnvironment } from '../../../application-code/worker/src/environment';
import { ImageRenderer } from '../../../application-code/worker/src/image/renderer';
import { jsonLog } from '../../../application-code/worker/src/log';
import { createWorker } from '../../../application-code/worker/src/worker';
import {
  DESTINATION_PREFIX,
  RENDITION,
  SOURCE_BUCKET,
  SOURCE_PREFIX,
  type Stage,
  VISIBILITY_TIMEOUT_SECONDS,
} from '../stage';

const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/bench';

/** The worker's own defaults, with the memory of the task that the blueprint launches. */
export function workerEnvironment(): WorkerEnvironment {
  return readEnvironment({
    QUEUE_URL,
    DEAD_LETTER_QUEUE_URL: `${QUEUE_URL}-dead-letters`,
    SOURCE_BUCKET,
    SOURCE_PREFIX,
    DESTINATION_BUCKET: 'bench-destination',
    DESTINATION_PREFIX,
    RECIPE: JSON.stringify([{ ...RENDITION, fit: 'inside', withoutEnlargement: true }]),
    VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
    MEMORY_LIMIT_MIB: '2048',
  });
}

/**
 * The worker as its entry composes it, on the doubles instead of `aws/`, its log lines included. It is done when the last
 * message is acknowledged; that it would then wait for the idle exit is not part of the work.
 */
export async function runWorker({ queue, deadLetters, source, destination }: Stage): Promise<void> {
  const environment = workerEnvironment();
  const renderer = new ImageRenderer(environment);
  const worker = createWorker(
    { queue, deadLetters, sources: source, renditions: destination, renderer },
    environment,
    { log: jsonLog(environment.logLevel) },
  );
  const ended = worker.run().then(({ reason }) => {
    throw new Error(`the worker ended (${reason}) before the queue was drained`);
  });
  await Promise.race([queue.drained, ended]);
}
