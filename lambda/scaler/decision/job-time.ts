import type { ActiveTask, StoppedTask } from '../ports';
import type { Service } from './scaling';

/** What is known of the service before anything is measured. */
export interface ServiceSettings {
  /** Seconds that a job takes until there are measurements. */
  readonly jobSeconds: number;
  readonly jobsAtATime: number;
}

export interface ServiceEvidence {
  readonly active: readonly ActiveTask[];
  readonly stopped: readonly StoppedTask[];
}

/** Assumed until a task of this pipeline has been seen to start. */
export const START_SECONDS = 60;

/** How fast tasks work, by what was seen of them, or else by what is configured. */
export function serviceOf(evidence: ServiceEvidence, settings: ServiceSettings): Service {
  return { ...settings, startSeconds: startSeconds(evidence), measured: 0 };
}

/** The median, which one slow start does not move. */
function startSeconds({ active, stopped }: ServiceEvidence): number {
  const seen = [...active, ...stopped]
    .flatMap(({ createdAt, startedAt }) => (startedAt === undefined ? [] : startedAt - createdAt))
    .sort((a, b) => a - b);
  const median = seen[Math.floor((seen.length - 1) / 2)];
  return median === undefined ? START_SECONDS : Math.max(0, median) / 1_000;
}
