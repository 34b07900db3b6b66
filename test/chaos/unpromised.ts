import type { FaultKind } from './fault-kinds';
import type { Happening, History } from './history';
import type { Expected, Violation } from './verdict';

/** By each of them a worker may lose a message that it goes on working at. */
const LOSES_MESSAGES: readonly FaultKind[] = [
  'task-paused',
  'sqs-expired-receipt',
  'sqs-duplicate',
  'sqs-delayed',
  'sqs-throttling',
  'sqs-internal-error',
  'sqs-reset-before',
  'sqs-reset-after',
  'sqs-partial-batch',
];

const SIGKILL = 137;

/**
 * Whether an older version may stay for the one reason that is not promised away: a worker that had
 * lost its message wrote it after another one had written the newest, and was killed before it
 * looked at the source again.
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

/**
 * Whether the last write of a rendition came after another worker's of the newest version, by one
 * that was killed and did not look any more.
 */
function isLeftUnseen(renditionKey: string, sourceKey: string, all: readonly Happening[]): boolean {
  const isWrite = ({ what, text, keys }: Happening) =>
    what === 'call' && text.startsWith('PutObject') && keys.includes(renditionKey);
  const at = all.findLastIndex(isWrite);
  const writer = all[at]?.who;
  const changedAt = all.findLastIndex(
    ({ what, keys }) => what === 'object' && keys.includes(sourceKey),
  );
  const isOvertaken = all.slice(changedAt, at).some((one) => isWrite(one) && one.who !== writer);
  const isKilled = all.some(({ who, exitCode }) => who === writer && exitCode === SIGKILL);
  const hasLooked = all
    .slice(at)
    .some(
      ({ who, text, keys }) =>
        who === writer && text.startsWith('HeadObject') && keys.includes(sourceKey),
    );
  return isOvertaken && isKilled && !hasLooked;
}
