import type { JobLine } from '../../application-code/worker/src/log-lines';
import { type AwsRequest, type AwsResponse, jsonResponse } from './aws-http';

const MINUTE = 60_000;

interface Sums {
  readonly jobs: number;
  readonly milliseconds: number;
}

/** The metrics that the scaler asks for, by what is summed of each job. */
const SUMS: Readonly<Record<string, keyof Sums>> = {
  JobsDone: 'jobs',
  JobMilliseconds: 'milliseconds',
};

/**
 * Plays CloudWatch for the metrics of a run's jobs: it sums the lines that the workers write, at
 * once, where CloudWatch takes the sums that they write each minute.
 */
export class JobSums {
  /** By the begin of a minute, in milliseconds since the epoch. */
  private readonly minutes = new Map<number, Sums>();

  constructor(private readonly now: () => number = Date.now) {}

  readonly add = ({ outcome, milliseconds }: JobLine): void => {
    if (outcome !== 'done') return;
    const now = this.now();
    const minute = now - (now % MINUTE);
    const before = this.minutes.get(minute) ?? { jobs: 0, milliseconds: 0 };
    this.minutes.set(minute, {
      jobs: before.jobs + 1,
      milliseconds: before.milliseconds + (milliseconds?.total ?? 0),
    });
  };

  /**
   * The answer to GetMetricData for sums by the minute, in AWS's JSON protocol.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
   */
  answer({ body }: AwsRequest): AwsResponse {
    const { StartTime, EndTime, MetricDataQueries } = JSON.parse(body.toString()) as MetricQuestion;
    const minutes = [...this.minutes].filter(
      ([at]) => at >= StartTime * 1_000 && at < EndTime * 1_000,
    );
    const Timestamps = minutes.map(([at]) => at / 1_000);
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
      const sum = SUMS[MetricStat.Metric.MetricName];
      const found = sum === undefined ? [] : minutes.map(([, sums]) => sums[sum]);
      return { Id, Timestamps: sum === undefined ? [] : Timestamps, Values: found };
    });
    return jsonResponse({ MetricDataResults });
  }
}

/** As the SDK writes it; times are seconds since the epoch. */
interface MetricQuestion {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: { readonly Metric: { readonly MetricName: string } };
  }[];
}
