import type { Agenda } from './agenda';
import type { Cohort } from './message-queue';
import type { Arrivals } from './scenario';

export interface ArrivalOptions {
  /** Objects that may arrive as one event; 1 is exact. */
  readonly largestCohort: number;
  /** Part of the messages that SQS delivers twice. */
  readonly duplicates: number;
  readonly onArrival: (cohort: Cohort) => void;
}

/** Plans the arrivals, one after the other, so that the agenda stays short. */
export class ArrivalEvents {
  /** Whether everything has arrived. */
  isOver = false;
  private stretch = 0;
  private arrived = 0;
  private duplicates = 0;
  private latest: Cohort = { arrived: 0, count: 0, span: 0, isDuplicate: false };

  constructor(
    private readonly agenda: Agenda,
    private readonly arrivals: readonly Arrivals[],
    private readonly options: ArrivalOptions,
  ) {
    this.planNext();
  }

  /** Objects of the latest cohort that arrive only later: one event stands for all of it. */
  ahead(now: number): number {
    const { arrived, span, count } = this.latest;
    if (now >= arrived + span) return 0;
    return Math.min(count - 1, Math.floor(count * (1 - (now - arrived) / span)));
  }

  private planNext(): void {
    let stretch = this.arrivals[this.stretch];
    while (stretch && this.arrived >= stretch.objects) {
      this.arrived = 0;
      this.stretch += 1;
      stretch = this.arrivals[this.stretch];
    }
    if (!stretch) {
      this.isOver = true;
      return;
    }
    const { from, to, objects } = stretch;
    const left = objects - this.arrived;
    // All at once is one event, however many.
    const count = from === to ? left : Math.min(left, this.options.largestCohort);
    const each = (to - from) / objects;
    const span = count === 1 ? 0 : each * count;
    this.agenda.at(from + each * this.arrived, () => this.arrive(count, span));
  }

  private arrive(count: number, span: number): void {
    const arrived = this.agenda.now;
    this.arrived += count;
    this.latest = { arrived, count, span, isDuplicate: false };
    this.options.onArrival(this.latest);
    this.duplicates += count * this.options.duplicates;
    const again = Math.floor(this.duplicates);
    this.duplicates -= again;
    if (again > 0) this.options.onArrival({ arrived, count: again, span, isDuplicate: true });
    this.planNext();
  }
}
