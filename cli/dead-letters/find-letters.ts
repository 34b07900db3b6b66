import { pluralize } from '../../text/words';
import type { Target } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { InterruptError } from '../terminal/failures';
import { progressBar } from '../terminal/live-output';
import type { Session } from '../terminal/session';
import { type Letter, letterOf } from './letter';
import { type FilterOptions, letterFilter } from './letter-filter';
import { type ScanEnd, scanQueue } from './scan';

export interface LetterCounts {
  /** All that the filter lets through, by fault code. */
  readonly counts: ReadonlyMap<string, number>;
  readonly end: ScanEnd;
}

export interface FindOptions extends FilterOptions {
  /** Called with each letter that the filter lets through. */
  readonly onLetter: (letter: Letter) => void;
  /** Number of letters after which it stops looking. Default: looks at all. */
  readonly enough?: number;
}

/** Looks at every dead letter; keeps none, since they may be more than memory holds. */
export async function findLetters(
  session: Session,
  target: Target,
  options: FindOptions,
): Promise<LetterCounts> {
  const { account, chosen } = target;
  const queue = await withDeployed(chosen, () => account.queues.open(chosen.deadLetterQueue));
  const isWanted = letterFilter(options, session.now());
  const counts = new Map<string, number>();
  let seen = 0;
  let found = 0;
  const end = await scanQueue(queue, {
    stop: session.interruptSignal(),
    now: session.now,
    take: async (messages, total) => {
      for (const letter of messages.map(letterOf).filter(isWanted)) {
        found += 1;
        counts.set(letter.code, (counts.get(letter.code) ?? 0) + 1);
        options.onLetter(letter);
      }
      seen += messages.length;
      session.showProgress(`looking at the dead letters ${progressBar(seen, total)}`);
      return { gone: [], isEnough: found >= (options.enough ?? Number.POSITIVE_INFINITY) };
    },
  });
  return { counts, end };
}

/** Warns of letters that a scan could not see. */
export function reportHidden(
  { hidden }: Pick<ScanEnd, 'hidden'>,
  { warn }: Pick<Session, 'warn'>,
): void {
  if (hidden > 0)
    warn(
      `${pluralize(hidden, 'more dead letter')} could not be seen, since another reader holds ` +
        `${hidden === 1 ? 'it' : 'them'}, or was killed within the last ten minutes: look again ` +
        'then.',
    );
}

/**
 * Warns of what a scan could not do.
 * @throws InterruptError at a request to stop.
 */
export function reportEnd(
  { because, seen, stillHidden }: ScanEnd,
  { warn }: Pick<Session, 'warn'>,
): void {
  if (stillHidden > 0)
    warn(
      `${stillHidden} letters could not be released at once; they can be seen again within ` +
        'ten minutes.',
    );
  if (because === 'too-many-in-flight')
    warn(
      `Only ${seen} letters were looked at: SQS hides no more than 120,000 of one queue at a ` +
        'time. Redrive or purge some of them, and look again.',
    );
  if (because === 'stopped')
    throw new InterruptError(
      `stopped after ${pluralize(seen, 'letter')}, all of them visible again.`,
    );
}
