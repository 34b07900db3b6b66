import type { JobLine, JobOutcome } from './log-lines';

/** Sums over the source objects of a worker. */
export interface Counts {
  readonly outcomes: Readonly<Record<JobOutcome, number>>;
  /** Bytes of the sources whose outputs were written. */
  readonly bytes: number;
  /** Milliseconds from receive to outcome, of the same sources. */
  readonly milliseconds: number;
  /** Messages that another worker held when they were settled. */
  readonly lostReceipts: number;
  /** Times that an outage of the buckets began. */
  readonly circuitsOpened: number;
  /** Parts of a dataset that were written. */
  readonly parts: number;
}

const NONE: Counts = {
  outcomes: {
    ...{ done: 0, gone: 0, ignored: 0, 'left-out': 0 },
    ...{ 'dead-lettered': 0, released: 0, interrupted: 0 },
  },
  bytes: 0,
  milliseconds: 0,
  lostReceipts: 0,
  circuitsOpened: 0,
  parts: 0,
};

/** Counts job lines; each reader of a difference keeps its own earlier counts. */
export class Tally {
  private current = NONE;

  get counts(): Counts {
    return this.current;
  }

  job({ outcome, bytes = 0, milliseconds }: JobLine): void {
    const { outcomes, ...sums } = this.current;
    const isDone = outcome === 'done';
    this.current = {
      ...sums,
      outcomes: { ...outcomes, [outcome]: outcomes[outcome] + 1 },
      bytes: sums.bytes + (isDone ? bytes : 0),
      milliseconds: sums.milliseconds + (isDone ? (milliseconds?.total ?? 0) : 0),
    };
  }

  circuitOpened(): void {
    this.current = { ...this.current, circuitsOpened: this.current.circuitsOpened + 1 };
  }

  partWritten(): void {
    this.current = { ...this.current, parts: this.current.parts + 1 };
  }

  lostReceipt(): void {
    this.current = { ...this.current, lostReceipts: this.current.lostReceipts + 1 };
  }
}
