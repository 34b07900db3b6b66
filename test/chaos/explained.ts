import type { DeadLetterRecord } from '../../local/files/dead-letter';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';
import type { FaultKind } from './fault-kinds';
import type { Happening, History } from './history';
import type { Plan } from './plan';
import type { Expected, Violation } from './verdict';

type Strikes = ReadonlyMap<FaultKind, number>;

/** Faults by which a worker may lose a message that it still works on. */
const LOSES_MESSAGES: readonly FaultKind[] = [
  'sqs-throttling',
  'sqs-internal-error',
  'sqs-reset-before',
  'sqs-reset-after',
  'sqs-partial-batch',
  'sqs-expired-receipt',
  'sqs-duplicate',
  'sqs-delayed',
  'task-paused',
];
/** Faults after which a message that was received has to be received once more. */
const COST_RECEIVES: readonly FaultKind[] = [
  ...LOSES_MESSAGES,
  'task-killed-before',
  'task-killed-after',
  'spot-interruption',
];
/** The queue moves a message that has been received this often more than `MAX_ATTEMPTS`. */
const BACKSTOP_RECEIVES = 2;
const SIGKILL = 137;

const spoiledBy = (strikes: Strikes) =>
  COST_RECEIVES.reduce((sum, kind) => sum + (strikes.get(kind) ?? 0), 0);

/**
 * Dead letters that the queue itself may have moved: each one takes more receives than a job has
 * attempts, and each receive without a result takes a fault. That the same faults spoil several
 * messages so often in a row is not allowed for.
 */
export function explainedUnattributed(
  { maxAttempts }: { readonly maxAttempts: number },
  strikes: Strikes,
): number {
  return Math.floor(spoiledBy(strikes) / (maxAttempts + BACKSTOP_RECEIVES + 1));
}

/**
 * Tasks that may be there at once. Counts of the queue that are old never make more than the
 * maximum, because the scaler subtracts the tasks that it sees. One that does not see the launches
 * of the run before it, since ListTasks lags or the two ran at the same time, launches up to one
 * fleet again; a plan blinds a run in only one of the two ways, and never two in a row. An upload
 * that wakes the scaler goes by the clock, where a minute of the schedule lasts less than a second:
 * the two launch under different tokens.
 */
export function largestFleet(
  { maxTasks, launchMode }: Pick<Plan, 'maxTasks' | 'launchMode'>,
  strikes: Strikes,
): number {
  const isBlinded = strikes.has('list-tasks-lags') || strikes.has('scaler-overlaps');
  const woken = launchMode === 'wake-ups' ? DEFAULT_PIPELINE.wakeTasks : 0;
  return (isBlinded ? 2 * maxTasks : maxTasks) + woken;
}

/** What struck before a healthy object was given up: requests about it, or workers and messages. */
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
 * Dead letters of healthy objects that no fault explains. Each receive without a result takes a
 * fault; half of a job's attempts may have gone to an outage that other objects' faults made.
 */
export function unexplained(
  letters: readonly DeadLetterRecord[],
  expected: readonly Expected[],
  history: History,
  maxAttempts: number,
): Violation[] {
  const spoiled = spoiledBy(history.faults());
  return letters.flatMap(({ key, code, receiveCount = 0 }) => {
    const one = expected.find(({ sourceKey }) => sourceKey === key);
    const hasCause = CAUSES[code];
    if (!one || !hasCause) return [];
    const own = ownStrikes(one, history);
    const isEnough = own + spoiled >= receiveCount - Math.ceil(maxAttempts / 2);
    if (isEnough && hasCause({ own, spoiled })) return [];
    const text =
      `a dead letter says ${code} after ${receiveCount} receives, ` +
      `where ${own} faults struck its object and ${spoiled} cost receives`;
    return [{ text, keys: [one.sourceKey] }];
  });
}

function ownStrikes({ sourceKey, renditions }: Expected, { all }: History): number {
  const keys = [sourceKey, ...renditions.map(({ key }) => key)];
  return all.filter(
    ({ fault, keys: struck }) =>
      fault?.startsWith('s3-') && struck.some((one) => keys.includes(one) || isOfPart(one)),
  ).length;
}

/** A part has samples of many objects. */
const isOfPart = (key: string) => /^[^/]*\/?parts\/[0-9a-f]{12}\//.test(key);

/**
 * Whether an older version may stay for the one reason that is excepted from the promise: a worker
 * that had lost its message wrote it after another one had written the newest, and was killed
 * before it looked at the source again.
 */
export function isUnpromised(
  { keys, isOldVersion }: Violation,
  expected: readonly Expected[],
  history: History,
): boolean {
  const one = expected.find(({ sourceKey }) => keys.includes(sourceKey));
  const isLossPossible = LOSES_MESSAGES.some((kind) => history.faults().has(kind));
  if (!one || !isOldVersion || !isLossPossible) return false;
  return one.renditions.some(({ key }) => isLeftUnseen(key, one.sourceKey, history.all));
}

/** Whether a killed worker wrote last, after another's newest version, and did not look again. */
function isLeftUnseen(renditionKey: string, sourceKey: string, all: readonly Happening[]): boolean {
  const isCall = (operation: string, key: string) => (one: Happening) =>
    one.what === 'call' && one.text.startsWith(operation) && one.keys.includes(key);
  const isWrite = isCall('PutObject', renditionKey);
  const at = all.findLastIndex(isWrite);
  const writer = all[at]?.who;
  const changedAt = all.findLastIndex(
    ({ what, keys }) => what === 'object' && keys.includes(sourceKey),
  );
  const isOvertaken = all.slice(changedAt, at).some((one) => isWrite(one) && one.who !== writer);
  const isKilled = all.some(({ who, exitCode }) => who === writer && exitCode === SIGKILL);
  const isLook = isCall('HeadObject', sourceKey);
  return isOvertaken && isKilled && !all.slice(at).some((one) => one.who === writer && isLook(one));
}
