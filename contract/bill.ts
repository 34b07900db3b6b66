import type { CapacityProvider } from '../lambda/scaler/ports';
import { pluralize } from '../text/words';
import type { Architecture } from './delivery';
import { fargatePrices, PRICES, type Prices } from './prices';
import { type WakeUpUsage, wakeUpLines } from './wake-up-bill';

/** Fargate bills by the second, but a minute at least. */
const MINIMUM_TASK_SECONDS = 60;

/** What the tasks and jobs of a pipeline used. */
export interface Usage {
  readonly architecture: Architecture;
  readonly vcpus: number;
  readonly memoryGb: number;
  /** Of all tasks, each by {@link billedSeconds}. */
  readonly taskSeconds: Readonly<Record<CapacityProvider, number>>;
  /** Whether each task has a public address. */
  readonly hasPublicAddress: boolean;
  readonly puts: number;
  /** GET and HEAD. */
  readonly gets: number;
  readonly sqsRequests: number;
  readonly scalerRuns: number;
  /** Absent: uploads do not wake the pipeline. */
  readonly wakeUps?: WakeUpUsage;
  /** Absent: the log is left out. */
  readonly logBytes?: number;
}

export type BillKind =
  | CapacityProvider
  | 'address'
  | 's3'
  | 'sqs'
  | 'lambda'
  | 'logs'
  | 'eventbridge'
  | 'wake-queue'
  | 'wake-ups';

export interface BillLine {
  readonly kind: BillKind;
  /** What is paid for, with its amount. */
  readonly what: string;
  /** Its price. */
  readonly price: string;
  readonly dollars: number;
}

export interface Bill {
  /** Those that are more than nothing. */
  readonly lines: readonly BillLine[];
  readonly dollars: number;
}

/** Seconds that are billed for one task. */
export function billedSeconds(seconds: number): number {
  return Math.max(MINIMUM_TASK_SECONDS, Math.ceil(seconds));
}

/**
 * What it costs on AWS, without free tiers. Storage, alarms and the dashboard are left out, since
 * their price depends on the time for which they are kept.
 * @param prices default: those of us-east-1.
 */
export function billOf(usage: Usage, prices: Prices = PRICES): Bill {
  const lines = [
    fargateLine(usage, 'FARGATE', prices),
    fargateLine(usage, 'FARGATE_SPOT', prices),
    addressLine(usage, prices),
    s3Line(usage, prices),
    sqsLine(usage, prices),
    lambdaLine(usage, prices),
    logLine(usage, prices),
    ...wakeUpLines(usage.wakeUps, prices),
  ].filter((line) => line.dollars > 0);
  return { lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0) };
}

const taskMinutes = (hours: number) => `${(hours * 60).toFixed(1)} task-minutes`;

function fargateLine(usage: Usage, kind: CapacityProvider, prices: Prices): BillLine {
  const { architecture, vcpus, memoryGb } = usage;
  const hours = usage.taskSeconds[kind] / 3_600;
  const { vcpuHour, gbHour } = fargatePrices(architecture, prices);
  const discount = kind === 'FARGATE_SPOT' ? prices.spotDiscount : 0;
  const hourly = (vcpus * vcpuHour + memoryGb * gbHour) * (1 - discount);
  const processor = architecture === 'arm64' ? 'ARM64' : 'x86';
  const perHour = `$${vcpuHour} per vCPU-hour and $${gbHour} per GB-hour on ${processor}`;
  return {
    kind,
    what:
      `${kind}: ${taskMinutes(hours)} of ${vcpus} vCPU and ${memoryGb} GB, ` +
      'a minute at least per task',
    price: discount === 0 ? perHour : `Spot: ${discount * 100} % less assumed`,
    dollars: hours * hourly,
  };
}

function addressLine({ hasPublicAddress, taskSeconds }: Usage, prices: Prices): BillLine {
  const hours = hasPublicAddress ? (taskSeconds.FARGATE + taskSeconds.FARGATE_SPOT) / 3_600 : 0;
  return {
    kind: 'address',
    what: `Public IPv4 addresses: ${taskMinutes(hours)}`,
    price: `$${prices.publicIpv4Hour} per address and hour`,
    dollars: hours * prices.publicIpv4Hour,
  };
}

function s3Line({ puts, gets }: Usage, prices: Prices): BillLine {
  return {
    kind: 's3',
    what: `S3: ${puts} PUT, ${gets} GET and HEAD requests`,
    price:
      `S3 $${prices.s3PutPerMillion} per million PUT ` +
      `and $${prices.s3GetPerMillion.toFixed(2)} per million GET`,
    dollars: (puts * prices.s3PutPerMillion + gets * prices.s3GetPerMillion) / 1e6,
  };
}

function sqsLine({ sqsRequests }: Usage, prices: Prices): BillLine {
  return {
    kind: 'sqs',
    what: `SQS: at most ${sqsRequests} requests`,
    price: `SQS $${prices.sqsPerMillion.toFixed(2)} per million`,
    dollars: (sqsRequests * prices.sqsPerMillion) / 1e6,
  };
}

/** A warm run of the scaler takes well under a second of 256 MB. */
function lambdaLine({ scalerRuns }: Usage, prices: Prices): BillLine {
  const gbSeconds = scalerRuns * 0.25;
  return {
    kind: 'lambda',
    what: `Lambda: ${pluralize(scalerRuns, 'scaler run')} of a second and 256 MB`,
    price:
      `Lambda $${prices.lambdaPerMillion.toFixed(2)} per million ` +
      `and $${prices.lambdaGbSecond} per GB-second`,
    dollars: (scalerRuns * prices.lambdaPerMillion) / 1e6 + gbSeconds * prices.lambdaGbSecond,
  };
}

function logLine({ logBytes = 0 }: Usage, prices: Prices): BillLine {
  const gb = logBytes / 1e9;
  return {
    kind: 'logs',
    what: `Logs: ${gb.toFixed(1)} GB`,
    price: `CloudWatch Logs $${prices.logGb.toFixed(2)} per GB`,
    dollars: gb * prices.logGb,
  };
}

/** Dollars with as many digits as a small run needs. */
export function shownDollars(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars >= 0.1
    ? `$${dollars.toFixed(2)}`
    : `$${dollars.toFixed(Math.max(2, 1 - Math.floor(Math.log10(dollars))))}`;
}
