import type { JobMinute } from '../lambda/scaler/ports';
import type { Cohort } from './message-queue';
import type { Figures } from './scenario';
import { Waits } from './waits';
import type { Lot } from './workers/lots';

/**
 * Requests to SQS of a message, in a worker whose slots are all busy: with ten at a time, as the
 * benchmark of the worker counts them (`bench/README.md`).
 */
const BUSY = { receives: 0.12, deletes: 0.11 } as const;

const [MINUTE, HOUR] = [60, 3_600] as const;
/** Embedded metrics are read from the log some time after they were written. */
const METRIC_DELAY = 60;

/** What has been counted so far. */
export class Tally {
  arrived = 0;
  done = 0;
  expired = 0;
  doneTwice = 0;
  firstArrival?: number;
  lastDone = 0;
  readonly waits: Waits;
  /** Jobs that ended in each minute of the last hour, and the seconds that they took together. */
  private readonly minutes = new Map<number, { jobs: number; seconds: number }>();
  /** To SQS: sent, received, deleted. */
  private requests = 0;

  constructor({ jobSpread }: Pick<Figures, 'jobSpread'>) {
    this.waits = new Waits(jobSpread);
  }

  arrive({ arrived, count, isDuplicate }: Cohort): void {
    // A duplicate is delivered again, not sent again.
    if (isDuplicate) return;
    this.firstArrival ??= arrived;
    this.arrived += count;
    this.requests += count;
  }

  /**
   * Receives and deletes of messages that come to workers with free slots. They are counted
   * beside those of a busy one, so that the price is never too low.
   */
  receive(times: number): void {
    this.requests += 2 * times;
  }

  finish({ arrived, span, count, width, isDuplicate, from, until }: Lot): void {
    this.requests += count * (BUSY.receives + BUSY.deletes);
    const minute = Math.floor(until / MINUTE);
    const before = this.minutes.get(minute) ?? { jobs: 0, seconds: 0 };
    before.jobs += count;
    before.seconds += (until - from) * width;
    this.minutes.set(minute, before);
    if (isDuplicate) {
      this.doneTwice += count;
      return;
    }
    this.done += count;
    const each = ((until - from) * width) / count;
    // A lot of the latest objects may begin before the last of them has arrived.
    const last = Math.max(each, until - arrived - span);
    this.lastDone = Math.max(this.lastDone, arrived + span + last);
    this.waits.add({ first: Math.max(each, from + each - arrived), last, each, count });
  }

  /** Jobs that were cut short. */
  repeat(count: number): void {
    this.doneTwice += count;
  }

  /** As the workers' metrics tell: CloudWatch has them a minute late. */
  jobMinutes(now: number, timeOf: (seconds: number) => number): readonly JobMinute[] {
    for (const minute of this.minutes.keys())
      if (minute * MINUTE < now - HOUR) this.minutes.delete(minute);
    return [...this.minutes]
      .filter(([minute]) => (minute + 1) * MINUTE <= now - METRIC_DELAY)
      .map(([minute, { jobs, seconds }]) => ({
        at: timeOf(minute * MINUTE),
        jobs,
        milliseconds: seconds * 1_000,
      }));
  }

  sqsRequests(): number {
    return Math.round(this.requests);
  }
}
