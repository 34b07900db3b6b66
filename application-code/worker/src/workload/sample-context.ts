import type { JobContext } from './workload';

/** The context of a source that no message asks for, such as a sample of a canary. */
export function sampleContext(signal: AbortSignal = new AbortController().signal): JobContext {
  return {
    ...{ signal, id: 'sample', attempt: 1, maxAttempts: 1, sentAt: new Date(0) },
    log: () => undefined,
    progress: () => undefined,
  };
}
