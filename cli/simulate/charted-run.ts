/** A run of the simulator as charts show it. */
export interface ChartedRun {
  /** What sets it apart from the runs beside it, such as its policy. */
  readonly name: string;
  /** How it ended, in one line. */
  readonly answer: string;
  /** In the order of time. */
  readonly moments: readonly Moment[];
}

/** How a pipeline stands at one moment. */
export interface Moment {
  /** Since the beginning of the run. */
  readonly seconds: number;
  /** Jobs that wait in the queue. */
  readonly backlog: number;
  readonly onDemandTasks: number;
  readonly spotTasks: number;
  /** Spent so far. */
  readonly dollars: number;
  /** What the jobs waited that were done since the moment before; absent: none was. */
  readonly wait?: { readonly medianSeconds: number; readonly p95Seconds: number };
}

/** More are not seen, since a chart is hardly wider, and make the page large. */
const MOST_MOMENTS = 300;

/**
 * At most a few hundred moments. Of each span the one with the longest backlog stays, since a peak
 * is what a reader looks for; the first and the last stay as they are.
 */
export function thinned(moments: readonly Moment[], most = MOST_MOMENTS): readonly Moment[] {
  if (moments.length <= most) return moments;
  const inner = moments.slice(1, -1);
  const spans = most - 2;
  const kept = Array.from({ length: spans }, (_, span) => {
    const from = Math.floor((span * inner.length) / spans);
    const to = Math.floor(((span + 1) * inner.length) / spans);
    return inner
      .slice(from, to)
      .reduce((one, other) => (other.backlog > one.backlog ? other : one));
  });
  return [moments.slice(0, 1), kept, moments.slice(-1)].flat();
}
