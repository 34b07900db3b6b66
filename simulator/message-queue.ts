/** Messages that became visible at one time. */
export interface Cohort {
  /** When their objects arrived, in seconds. */
  readonly arrived: number;
  readonly count: number;
  /** Delivered before: their objects are counted already. */
  readonly isDuplicate: boolean;
}

/**
 * The visible messages of the work queue, oldest first: SQS promises no order, but keeps one more
 * or less.
 */
export class MessageQueue {
  visible = 0;
  private cohorts: Cohort[] = [];
  private first = 0;
  /** Messages that workers have returned, the latest last. */
  private returned: Cohort[] = [];

  add(cohort: Cohort): void {
    if (cohort.count === 0) return;
    this.cohorts.push(cohort);
    this.visible += cohort.count;
  }

  release(cohort: Cohort): void {
    if (cohort.count === 0) return;
    this.returned.push(cohort);
    this.visible += cohort.count;
  }

  /** Takes messages of one cohort: as many as it has, but not more than `most`. */
  take(most: number): Cohort | undefined {
    const head = this.returned.pop() ?? this.shift();
    if (head === undefined) return undefined;
    this.visible -= head.count;
    if (head.count <= most) return head;
    this.release({ ...head, count: head.count - most });
    return { ...head, count: most };
  }

  /** Drops what arrived before this time. @returns the number of objects that are lost by it. */
  expire(before: number): number {
    const isOld = ({ arrived }: Cohort) => arrived < before;
    const oldest = this.cohorts[this.first];
    if (!(oldest && isOld(oldest)) && !this.returned.some(isOld)) return 0;
    let lost = 0;
    for (const cohorts of [this.returned, this.cohorts.slice(this.first)]) {
      for (const { count, isDuplicate } of cohorts.filter(isOld)) {
        this.visible -= count;
        lost += isDuplicate ? 0 : count;
      }
    }
    const isKept = (cohort: Cohort) => !isOld(cohort);
    this.cohorts = this.cohorts.slice(this.first).filter(isKept);
    this.first = 0;
    this.returned = this.returned.filter(isKept);
    return lost;
  }

  private shift(): Cohort | undefined {
    const head = this.cohorts[this.first];
    if (head === undefined) return undefined;
    this.first += 1;
    // What was taken is forgotten in large pieces.
    if (this.first > 4_096 && this.first * 2 > this.cohorts.length) {
      this.cohorts = this.cohorts.slice(this.first);
      this.first = 0;
    }
    return head;
  }
}
