import type { Cohort } from '../message-queue';
import type { Crew } from './crew';

/** Jobs that slots of one crew do, as one event of the model: `width` of them at a time. */
export interface Lot extends Cohort {
  /** Slots that it takes, 1 to `count`. */
  readonly width: number;
  /** When the first of its jobs begin, and the last ones end. */
  readonly from: number;
  readonly until: number;
}

/** A lot in the hands of a crew. */
export interface LotInHand {
  lot: Lot;
  readonly crew: Crew;
  /** Among the lots of its crew; -1: no longer in hand. */
  place: number;
}

/** How much of some lots is done, and what of them is still to come, at one moment. */
export interface Progress {
  /** Objects: duplicates are not among them. */
  done: number;
  /** Jobs that wait for those in hand: in truth they are messages of the backlog. */
  waiting: number;
  /** Slots whose last job has ended. */
  idle: number;
}

/** Jobs of a lot that have ended, in whole rounds of its slots. */
function doneOf({ count, width, from, until }: Lot, now: number): number {
  if (now >= until) return count;
  const rounds = Math.floor((((now - from) / (until - from)) * count) / width);
  return Math.min(count - width, rounds * width);
}

export function addProgress(sum: Progress, lot: Lot, now: number): void {
  const done = doneOf(lot, now);
  sum.done += lot.isDuplicate ? 0 : done;
  if (done === lot.count) sum.idle += lot.width;
  else sum.waiting += lot.count - done - lot.width;
}

/** A lot that takes no more messages: what of it is done, in hand, and left to others. */
export interface CutLot {
  readonly done: Lot;
  readonly inHand: Lot;
  readonly left: Cohort;
}

/** Counts are 0 where there is nothing. */
export function cut(lot: Lot, now: number): CutLot {
  const done = doneOf(lot, now);
  const inHand = Math.min(lot.width, lot.count - done);
  const timeOf = (jobs: number) => lot.from + ((lot.until - lot.from) * jobs) / lot.count;
  const [from, until] = [timeOf(done), timeOf(done + inHand)];
  return {
    done: { ...lot, count: done, until: from },
    inHand: { ...lot, count: inHand, from, until },
    left: { ...lot, count: lot.count - done - inHand },
  };
}

/** The part of a lot that some of its slots do, and the part of the others. */
export function divide(lot: Lot, width: number): readonly [Lot, Lot] {
  const count = Math.floor((lot.count * width) / lot.width);
  return [
    { ...lot, width, count },
    { ...lot, width: lot.width - width, count: lot.count - count },
  ];
}
