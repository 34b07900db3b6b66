import { divide, type Lot, type LotInHand } from './lots';

/** The worker in one task. */
export interface Worker {
  crew: Crew;
  /** Among the workers of its crew. */
  place: number;
  /** Takes no more jobs, and finishes those in hand. */
  isLeaving: boolean;
  readonly idleExitSeconds: number;
  /** Called once, when it ends by itself. */
  readonly onEnd: () => void;
}

/**
 * Workers that share their slots. In a small run each worker is a crew of its own, and in a large
 * one nearly all are one crew, so that a lot may take slots of many workers.
 */
export class Crew {
  readonly workers: Worker[] = [];
  readonly inHand: LotInHand[] = [];
  slots = 0;
  /** Slots without a job. */
  free = 0;
  /** Counts the jobs taken, so that an idle time that a job has ended is told. */
  taken = 0;
  /** Place among those that poll; -1: it polls not. */
  place = -1;

  /**
   * @param isShared whether workers may join it.
   * @param jobsLeft messages that it may still take.
   */
  constructor(
    readonly isShared: boolean,
    public jobsLeft = Number.POSITIVE_INFINITY,
  ) {}

  /** Jobs of a lot, unless it is shared: tasks with a limit that act as one take all at once. */
  get atOnce(): number {
    return Number.isFinite(this.jobsLeft) ? this.jobsLeft : 1;
  }

  join(worker: Worker, slots: number): void {
    worker.crew = this;
    worker.place = this.workers.length;
    this.workers.push(worker);
    this.slots += slots;
    this.free += slots;
  }

  hold(lot: Lot): LotInHand {
    const inHand = { lot, crew: this, place: this.inHand.length };
    this.inHand.push(inHand);
    this.free -= lot.width;
    return inHand;
  }

  /** @returns false when it was put down before. */
  putDown(inHand: LotInHand): boolean {
    const last = this.inHand.at(-1);
    if (inHand.place < 0 || !last) return false;
    this.inHand[inHand.place] = last;
    last.place = inHand.place;
    inHand.place = -1;
    this.inHand.pop();
    this.free += inHand.lot.width;
    return true;
  }

  /**
   * A worker of several leaves with its slots, and with what `busy` of them hold.
   * @param pick chooses one of a number of lots.
   * @returns a crew of its own. The ends of its lots are not planned.
   */
  part(worker: Worker, busy: number, pick: (lots: number) => number): Crew {
    const slots = this.slots / this.workers.length;
    this.dismiss(worker);
    const own = new Crew(false);
    own.join(worker, slots);
    for (let left = busy; left > 0; ) {
      const lot = this.give(this.inHand[pick(this.inHand.length)], left);
      own.hold(lot);
      left -= lot.width;
    }
    this.slots -= slots;
    this.free -= slots;
    return own;
  }

  /** The part of a lot that at most `width` slots do; the others keep theirs. */
  private give(inHand: LotInHand | undefined, width: number): Lot {
    if (!inHand) throw new Error('a crew has fewer lots in hand than busy slots');
    const { lot } = inHand;
    if (lot.width <= width) {
      this.putDown(inHand);
      return lot;
    }
    const [given, kept] = divide(lot, width);
    inHand.lot = kept;
    this.free += width;
    return given;
  }

  private dismiss(worker: Worker): void {
    const last = this.workers.at(-1);
    if (!last) return;
    this.workers[worker.place] = last;
    last.place = worker.place;
    this.workers.pop();
  }
}
