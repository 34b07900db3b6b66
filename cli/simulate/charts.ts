import type { Outcome, Sample } from '../../simulator/outcome';

/** A simulated run, and how it ended in one line. */
export interface ChartedRun {
  readonly outcome: Outcome;
  readonly answer: string;
}

/** The values of the colours, for light and for dark, are in `chart-style.css`. */
const FIRST = 'var(--series-1)';
const SECOND = 'var(--series-2)';
const THIRD = 'var(--series-3)';

/** One thing that a chart shows over time. */
export interface Series {
  /** Empty where the title says it. */
  readonly name: string;
  readonly colour: string;
  /** Absent: there is nothing to show. */
  readonly value: (sample: Sample) => number | undefined;
}

/** A chart of a run. */
export interface Chart {
  readonly title: string;
  /** The lowest first where they are stacked. */
  readonly series: readonly Series[];
  /** Areas on each other, or else lines. */
  readonly isStacked: boolean;
  readonly unit: 'count' | 'dollars' | 'seconds';
}

export const CHARTS: readonly Chart[] = [
  {
    title: 'Backlog',
    series: [
      { name: 'in flight', colour: SECOND, value: ({ inFlight }) => inFlight },
      { name: 'waiting', colour: FIRST, value: ({ backlog }) => backlog },
    ],
    isStacked: true,
    unit: 'count',
  },
  {
    title: 'Tasks',
    series: [
      { name: 'On-Demand', colour: SECOND, value: ({ running }) => running.FARGATE },
      { name: 'Spot', colour: FIRST, value: ({ running }) => running.FARGATE_SPOT },
      {
        name: 'pending',
        colour: THIRD,
        value: ({ pending }) => pending.FARGATE + pending.FARGATE_SPOT,
      },
    ],
    isStacked: true,
    unit: 'count',
  },
  {
    title: 'Cost so far',
    series: [{ name: '', colour: FIRST, value: ({ dollars }) => dollars }],
    isStacked: true,
    unit: 'dollars',
  },
  {
    title: 'Wait until done',
    series: [
      { name: 'median', colour: FIRST, value: ({ waitSeconds }) => waitSeconds?.median },
      { name: '95th percentile', colour: SECOND, value: ({ waitSeconds }) => waitSeconds?.p95 },
    ],
    isStacked: false,
    unit: 'seconds',
  },
];
