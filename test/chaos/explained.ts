import type { DeadLetterRecord } from '../../local/files/dead-letter';
import type { FaultKind } from './fault-kinds';
import type { History } from './history';
import { COST_RECEIVES } from './limits';
import type { Expected, Violation } from './verdict';

/**
 * What has to have struck before a healthy object may be given up: a request about it, or a worker
 * or message anywhere.
 */
interface Cause {
  readonly own: number;
  readonly spoiled: number;
}

/** Codes with which a healthy object may be given up, and whether there was reason to. */
const CAUSES: Readonly<Record<string, (cause: Cause) => boolean>> = {
  SourceUnavailable: ({ own }) => own > 0,
  DestinationUnavailable: ({ own }) => own > 0,
  JobTimeout: ({ own, spoiled }) => own + spoiled > 0,
  WorkerLost: ({ spoiled }) => spoiled > 0,
};

/** Whether a letter is about no fault of the object's own. */
export const isGivenUp = ({ code }: DeadLetterRecord) => code in CAUSES;

/**
 * Dead letters of healthy objects that no fault explains. Each receive that came to nothing takes a
 * fault; half of a job's attempts may have gone to an outage that other objects' faults made.
 */
export function unexplained(
  letters: readonly DeadLetterRecord[],
  expected: readonly Expected[],
  history: History,
  maxAttempts: number,
): Violation[] {
  const spoiled = COST_RECEIVES.reduce((sum, kind) => sum + (history.faults().get(kind) ?? 0), 0);
  return letters.flatMap(({ key, code, receiveCount = 0 }) => {
    const one = expected.find(({ sourceKey }) => sourceKey === key);
    const hasCause = CAUSES[code];
    if (!one || !hasCause) return [];
    const cause = { own: ownStrikes(one, history), spoiled };
    const isEnough = cause.own + spoiled >= receiveCount - Math.ceil(maxAttempts / 2);
    if (isEnough && hasCause(cause)) return [];
    const text = `a dead letter says ${code} after ${receiveCount} receives, where ${cause.own} faults struck its object and ${spoiled} cost receives`;
    return [{ text, keys: [one.sourceKey] }];
  });
}

function ownStrikes({ sourceKey, renditions }: Expected, history: History): number {
  const keys = [sourceKey, ...renditions.map(({ key }) => key)];
  const isOwn = (kind: FaultKind | undefined) => kind?.startsWith('s3-');
  return history.all.filter((one) => isOwn(one.fault) && one.keys.some((key) => keys.includes(key)))
    .length;
}
