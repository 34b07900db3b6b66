import { Stopped } from '../failures';
import { lookingIn } from '../looking-in';
import type { Operated } from '../operated';
import { bar } from '../progress';
import type { Session } from '../session';
import { type Letter, letterOf } from './letter';
import { type FilterOptions, letterFilter } from './letter-filter';
import { type PassEnd, passOver } from './pass';

export interface Found {
  /** Letters that were kept, at most as many as there was room for. */
  readonly letters: readonly Letter[];
  /** All that the filter lets through, by fault code. */
  readonly counts: ReadonlyMap<string, number>;
  /** Letters in the queue that somebody else looks at just now. */
  readonly hidden: number;
  readonly end: PassEnd;
}

export interface FindOptions extends FilterOptions {
  /** Most letters to keep; all are counted. */
  readonly keep: number;
  /** Looks no further once it has so many. Default: looks at all. */
  readonly enough?: number;
}

/** Looks at every dead letter and keeps those that a filter lets through. */
export async function findLetters(
  session: Session,
  operated: Operated,
  options: FindOptions,
): Promise<Found> {
  const { account, chosen } = operated;
  const queue = await lookingIn(chosen, () => account.queues.open(chosen.deadLetterQueue));
  const { backlog, inFlight } = await queue.depth();
  const isWanted = letterFilter(options, session.now());
  const letters: Letter[] = [];
  const counts = new Map<string, number>();
  let seen = 0;
  let found = 0;
  const end = await passOver(queue, {
    stop: session.stopping(),
    take: async (messages) => {
      for (const letter of messages.map(letterOf).filter(isWanted)) {
        found += 1;
        counts.set(letter.code, (counts.get(letter.code) ?? 0) + 1);
        if (letters.length < options.keep) letters.push(letter);
      }
      seen += messages.length;
      session.progress?.show(`looking at the dead letters ${bar(seen, backlog)}`);
      return { gone: [], isEnough: found >= (options.enough ?? Number.POSITIVE_INFINITY) };
    },
  });
  session.progress?.clear();
  return { letters, counts, hidden: inFlight, end };
}

/**
 * Tells what a pass could not do.
 * @throws Stopped when somebody asked to stop.
 */
export function tellEnd({ because, seen, stillHidden }: PassEnd, { note }: Pick<Session, 'note'>): void {
  if (stillHidden > 0)
    note(
      `${stillHidden} letters could not be given back at once; they can be seen again within ten minutes.`,
    );
  if (because === 'too-many-in-flight')
    note(
      `Only ${seen} letters were looked at: SQS hides no more than 120,000 of one queue at a time. Redrive or purge some of them, and look again.`,
    );
  if (because === 'stopped') throw new Stopped(`stopped after ${seen} letters, which can all be seen again.`);
}
