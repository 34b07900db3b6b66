import type { Clock } from './clock';
import type { Log } from './log';
import type { Counts, Tally } from './tally';

/** Namespace of every metric of this project. */
export const METRIC_NAMESPACE = 'Spillway';

const MINUTE = 60_000;

interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Bytes' | 'Milliseconds';
  readonly of: (counts: Counts) => number;
  /** Whether only a dataset has it: no other pipeline pays for a metric of zeros. */
  readonly isOfDataset?: boolean;
}

const METRICS: readonly Metric[] = [
  { name: 'JobsDone', unit: 'Count', of: ({ outcomes }) => outcomes.done },
  { name: 'JobsDeadLettered', unit: 'Count', of: ({ outcomes }) => outcomes['dead-lettered'] },
  { name: 'JobsReleased', unit: 'Count', of: ({ outcomes }) => outcomes.released },
  { name: 'JobsInterrupted', unit: 'Count', of: ({ outcomes }) => outcomes.interrupted },
  { name: 'SourcesGone', unit: 'Count', of: ({ outcomes }) => outcomes.gone },
  { name: 'ReceiptsLost', unit: 'Count', of: ({ lostReceipts }) => lostReceipts },
  { name: 'CircuitsOpened', unit: 'Count', of: ({ circuitsOpened }) => circuitsOpened },
  {
    ...{ name: 'SourcesLeftOut', unit: 'Count', isOfDataset: true },
    of: ({ outcomes }) => outcomes['left-out'],
  },
  { name: 'PartsWritten', unit: 'Count', isOfDataset: true, of: ({ parts }) => parts },
  { name: 'SourceBytes', unit: 'Bytes', of: ({ bytes }) => bytes },
  { name: 'JobMilliseconds', unit: 'Milliseconds', of: ({ milliseconds }) => milliseconds },
];

/**
 * Writes what was added to a tally, every minute and at the end, as a line in CloudWatch's embedded
 * metric format, from which CloudWatch Logs makes metrics:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class MetricWriter {
  private written: Counts;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly tally: Tally,
    private readonly dimensions: Readonly<Record<string, string>>,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {
    this.written = tally.counts;
  }

  start(): void {
    this.cancel = this.clock.after(MINUTE, () => {
      this.write();
      this.start();
    });
  }

  /** Writes the rest and ends. */
  stop(): void {
    this.cancel();
    this.write();
  }

  write(): void {
    const { counts } = this.tally;
    const metrics = METRICS.filter(({ isOfDataset }) => !isOfDataset || counts.parts > 0);
    const gained = metrics.map(({ name, of }) => [name, of(counts) - of(this.written)] as const);
    this.written = counts;
    this.log('info', {
      event: 'metrics',
      _aws: {
        Timestamp: this.clock.now(),
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [Object.keys(this.dimensions)],
            Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
          },
        ],
      },
      ...this.dimensions,
      ...Object.fromEntries(gained),
    });
  }
}
