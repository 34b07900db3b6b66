import type { Cohort } from './message-queue';

/** Jobs that one slot does one after the other, as one event of the model. */
export interface Lot extends Cohort {
  /** When the first of them begins, and the last one ends. */
  readonly from: number;
  readonly until: number;
}

/** How much of a lot is done, and what is in hand and still to come, at one moment. */
export interface Progress {
  readonly done: number;
  /** Jobs that wait for the one in hand: in truth they are messages of the backlog. */
  readonly waiting: number;
}

const NOTHING: Progress = { done: 0, waiting: 0 };

/**
 * The lots of all slots. A task takes a seat of several slots; one that ends leaves it to others.
 */
export class Lots {
  private readonly bySlot: (Lot | undefined)[] = [];
  private readonly freeSeats: number[] = [];
  private seats = 0;

  /** @param largestLot jobs of the largest lot that a slot may hold. */
  constructor(
    readonly slotsPerSeat: number,
    readonly largestLot: number,
  ) {}

  takeSeat(): number {
    const seat = this.freeSeats.pop();
    if (seat !== undefined) return seat;
    this.seats += 1;
    for (let slot = 0; slot < this.slotsPerSeat; slot += 1) this.bySlot.push(undefined);
    return this.seats - 1;
  }

  leaveSeat(seat: number): void {
    this.freeSeats.push(seat);
  }

  seatOf(slot: number): number {
    return Math.floor(slot / this.slotsPerSeat);
  }

  /** Slots of a seat that hold a lot, or hold none. */
  slotsOf(seat: number, isBusy: boolean): readonly number[] {
    const first = seat * this.slotsPerSeat;
    const slots: number[] = [];
    for (let slot = first; slot < first + this.slotsPerSeat; slot += 1)
      if ((this.bySlot[slot] !== undefined) === isBusy) slots.push(slot);
    return slots;
  }

  at(slot: number): Lot | undefined {
    return this.bySlot[slot];
  }

  put(slot: number, lot: Lot | undefined): void {
    this.bySlot[slot] = lot;
  }

  /** Of all lots together. */
  progress(now: number): Progress {
    if (this.largestLot === 1) return NOTHING;
    let done = 0;
    let waiting = 0;
    for (const lot of this.bySlot) {
      if (lot === undefined || lot.count === 1) continue;
      const one = doneOf(lot, now);
      done += lot.isDuplicate ? 0 : one;
      waiting += lot.count - one - 1;
    }
    return { done, waiting };
  }
}

/** Jobs of a lot that are done, all but the last one at most: its end is an event. */
export function doneOf({ count, from, until }: Lot, now: number): number {
  const part = until > from ? (now - from) / (until - from) : 1;
  return Math.min(count - 1, Math.floor(part * count));
}

/** A lot that ends with the job that is in hand, and the messages that it leaves. */
export function cutShort(lot: Lot, now: number): { readonly lot: Lot; readonly rest: Cohort } {
  const kept = doneOf(lot, now) + 1;
  const until = lot.from + ((lot.until - lot.from) * kept) / lot.count;
  return { lot: { ...lot, count: kept, until }, rest: { ...lot, count: lot.count - kept } };
}
