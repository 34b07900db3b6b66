import type { Moment } from './charted-run';

/** The values of the colours, for light and for dark, are in `chart-style.css`. */
const FIRST = 'var(--series-1)';
const SECOND = 'var(--series-2)';

/** One thing that a chart shows over time. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  /** Absent: nothing to show at this moment. */
  readonly value: (moment: Moment) => number | undefined;
}

/** A chart of a run. */
export interface Chart {
  readonly title: string;
  /** The lowest first where they are stacked. */
  readonly series: readonly Series[];
  readonly isStacked: boolean;
  readonly unit: 'count' | 'dollars' | 'seconds';
}

export const CHARTS: readonly Chart[] = [
  {
    title: 'Jobs in the queue',
    series: [{ name: '', colour: FIRST, value: ({ backlog }) => backlog }],
    isStacked: true,
    unit: 'count',
  },
  {
    title: 'Tasks',
    series: [
      { name: 'On-Demand', colour: SECOND, value: ({ onDemandTasks }) => onDemandTasks },
      { name: 'Spot', colour: FIRST, value: ({ spotTasks }) => spotTasks },
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
    title: 'How long jobs waited',
    series: [
      { name: 'median', colour: SECOND, value: ({ wait }) => wait?.medianSeconds },
      { name: '95th percentile', colour: FIRST, value: ({ wait }) => wait?.p95Seconds },
    ],
    isStacked: false,
    unit: 'seconds',
  },
];
