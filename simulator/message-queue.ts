/** Messages of objects that arrived one after the other. */
export interface Cohort {
  /** When the first of them arrived, in seconds. */
  readonly arrived: number;
  /** Over how many seconds they arrived, evenly. */
  readonly span: number;
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
    const [taken, left] = divided(head, most);
    this.release(left);
    return taken;
  }

  /** Drops what arrived before this time. @returns the number of objects that are lost by it. */
  expire(before: number): number {
    const isOld = (cohort?: Cohort) => cohort !== undefined && cohort.arrived < before;
    const old = this.returned.filter(isOld);
    if (old.length > 0) this.returned = this.returned.filter((cohort) => !isOld(cohort));
    for (let head = this.cohorts[this.first]; head && isOld(head); head = this.cohorts[this.first])
      old.push(this.shift() ?? head);
    return old.reduce((lost, { count, isDuplicate }) => {
      this.visible -= count;
      return lost + (isDuplicate ? 0 : count);
    }, 0);
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

/** The first messages of a cohort, and the others. */
function divided(cohort: Cohort, count: number): readonly [Cohort, Cohort] {
  const { arrived, isDuplicate } = cohort;
  const span = (cohort.span * count) / cohort.count;
  const [left, spanLeft] = [cohort.count - count, cohort.span - span];
  return [
    { arrived, count, span, isDuplicate },
    { arrived: arrived + span, count: left, span: spanLeft, isDuplicate },
  ];
}
