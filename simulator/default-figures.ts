import type { PipelineSettings } from '../stacks/config/blueprint-config';
import type { Figures } from './scenario';

/** Figures, each with where it is from, to be said beside an answer. */
export interface NamedFigures {
  readonly figures: Figures;
  readonly sources: Readonly<Partial<Record<keyof Figures, string>>>;
}

/**
 * Photos of 2 to 5 megapixels that a vCPU does in a second, as `bench/README.md` and
 * `docs/costs.md` have it. A single one waits for three round trips of 25 ms to S3 besides.
 */
const PHOTOS = { perVcpuSecond: 45, roundTripSeconds: 0.075 } as const;

/**
 * Start-up of a task on Fargate. With an image of 413 MB it took 53 to 62 seconds from its creation
 * on (https://elasticscale.com/blog/reduce-aws-fargate-pull-times-with-soci), about ten of them for
 * the network interface (https://qiita.com/kjm/items/a86c5a425c57439ecfa0), before anything is
 * downloaded, and so billed (https://aws.amazon.com/fargate/pricing/). Images here have 90 MB.
 */
const START = { startSeconds: 40, startSpread: 0.2, unbilledSeconds: 10 } as const;

/**
 * AWS publishes no rate for Fargate Spot. For EC2 it says less than 5 to more than 20 per cent of
 * the instances in a month (https://aws.amazon.com/ec2/spot/instance-advisor/); this is more.
 */
export const INTERRUPTIONS_PER_HOUR = 0.02;

/** A photo of 224 × 224 with its JSON and the headers of both, as `bench:dataset` writes them. */
const SAMPLE_BYTES = 16 * 1_024;

/**
 * A worker's line for a photo with one rendition, or for a sample, and what CloudWatch counts for
 * each line: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const LOG_BYTES = { objects: 385 + 26, shards: 255 + 26 } as const;

/** What is assumed of a pipeline whose metrics are not looked at. Undefined: no job is known. */
export function defaultFigures(
  settings: PipelineSettings,
  slots: number,
  jobSeconds = jobSecondsOf(settings, slots),
): NamedFigures | undefined {
  if (jobSeconds === undefined) return undefined;
  return {
    figures: {
      jobSeconds,
      jobSpread: 0.5,
      slots,
      ...START,
      interruptionsPerHour: INTERRUPTIONS_PER_HOUR,
      duplicates: 0,
      failingTasks: 0,
      outputsPerObject: 1,
      sampleBytes: SAMPLE_BYTES,
      logBytesPerObject: LOG_BYTES[settings.destination.kind],
    },
    sources: {
      jobSeconds: isPhotos(settings)
        ? `the benchmark of the worker: ${PHOTOS.perVcpuSecond} photos a second and vCPU`
        : 'scaling.jobSeconds',
      startSeconds: 'an estimate from reports about larger images',
      interruptionsPerHour: 'an assumption: AWS publishes none',
    },
  };
}

const isPhotos = ({ workload }: PipelineSettings) => workload === 'images';

function jobSecondsOf(settings: PipelineSettings, slots: number): number | undefined {
  const { scaling, cpuUnits } = settings;
  if (!isPhotos(settings)) return 'jobSeconds' in scaling ? scaling.jobSeconds : undefined;
  const { perVcpuSecond, roundTripSeconds } = PHOTOS;
  const alone = 1 / perVcpuSecond + roundTripSeconds;
  return Math.max(alone, slots / (perVcpuSecond * (cpuUnits / 1_024)));
}
