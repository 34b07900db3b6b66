import { PRICES } from '../contract/prices';
import { pluralize } from '../text/words';
import type { CapacityProvider } from './ports';

/** Fargate bills by the second, but a minute at least. */
const MINIMUM_TASK_SECONDS = 60;

/** What a run used. */
export interface Usage {
  /** One for each task. */
  readonly tasks: readonly {
    readonly capacityProvider: CapacityProvider;
    readonly seconds: number;
  }[];
  readonly vcpus: number;
  readonly memoryGb: number;
  /** Source objects. */
  readonly objects: number;
  readonly outputs: number;
  readonly deadLetters: number;
  /** Requests that uploaded the sources. */
  readonly uploads: number;
  readonly scalerRuns: number;
}

export interface CostLine {
  /** What is paid for, with its amount. */
  readonly what: string;
  /** Its price. */
  readonly price: string;
  readonly dollars: number;
}

export interface Cost {
  readonly lines: readonly CostLine[];
  readonly dollars: number;
}

/**
 * What the same run would have cost on AWS, without free tiers. S3 storage, logs, alarms and the
 * dashboard are left out, since their price depends on the time for which they are kept.
 */
export function costOf(usage: Usage): Cost {
  const lines = [
    ...(['FARGATE', 'FARGATE_SPOT'] as const).map((provider) => fargateLine(usage, provider)),
    addressLine(usage),
    s3Line(usage),
    sqsLine(usage),
    lambdaLine(usage),
  ].filter((line) => line.dollars > 0);
  return { lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0) };
}

function billedHours(usage: Usage, provider?: CapacityProvider): number {
  const tasks = usage.tasks.filter(
    (task) => provider === undefined || task.capacityProvider === provider,
  );
  const seconds = tasks.map((task) => Math.max(MINIMUM_TASK_SECONDS, Math.ceil(task.seconds)));
  return seconds.reduce((sum, one) => sum + one, 0) / 3_600;
}

const taskMinutes = (hours: number) => `${(hours * 60).toFixed(1)} task-minutes`;

function fargateLine(usage: Usage, provider: CapacityProvider): CostLine {
  const hours = billedHours(usage, provider);
  const discount = provider === 'FARGATE_SPOT' ? PRICES.spotDiscount : 0;
  const hourly = (usage.vcpus * PRICES.vcpuHour + usage.memoryGb * PRICES.gbHour) * (1 - discount);
  const perHour = `$${PRICES.vcpuHour} per vCPU-hour and $${PRICES.gbHour} per GB-hour on ARM64`;
  return {
    what:
      `${provider}: ${taskMinutes(hours)} of ${usage.vcpus} vCPU and ${usage.memoryGb} GB, ` +
      'a minute at least per task',
    price: discount === 0 ? perHour : `Spot: ${discount * 100} % less assumed`,
    dollars: hours * hourly,
  };
}

function addressLine(usage: Usage): CostLine {
  const hours = billedHours(usage);
  return {
    what: `Public IPv4 addresses: ${taskMinutes(hours)}`,
    price: `$${PRICES.publicIpv4Hour} per address and hour`,
    dollars: hours * PRICES.publicIpv4Hour,
  };
}

/** A job reads its object, and checks it before it acknowledges. Both count as GET. */
function s3Line(usage: Usage): CostLine {
  const puts = usage.uploads + usage.outputs;
  const gets = 2 * usage.objects;
  return {
    what: `S3: ${puts} PUT, ${gets} GET and HEAD requests`,
    price:
      `S3 $${PRICES.s3PutPerMillion} per million PUT ` +
      `and $${PRICES.s3GetPerMillion.toFixed(2)} per million GET`,
    dollars: (puts * PRICES.s3PutPerMillion + gets * PRICES.s3GetPerMillion) / 1e6,
  };
}

/**
 * Up to ten messages share a request. They are counted as if each were received and deleted alone,
 * so that the price is never too low.
 */
function sqsLine(usage: Usage): CostLine {
  const emptyReceives = 3 * usage.tasks.length;
  const requests = 3 * usage.objects + usage.deadLetters + emptyReceives + usage.scalerRuns;
  return {
    what: `SQS: at most ${requests} requests`,
    price: `SQS $${PRICES.sqsPerMillion.toFixed(2)} per million`,
    dollars: (requests * PRICES.sqsPerMillion) / 1e6,
  };
}

/** A warm run of the scaler takes well under a second of 256 MB. */
function lambdaLine(usage: Usage): CostLine {
  const gbSeconds = usage.scalerRuns * 0.25;
  return {
    what: `Lambda: ${pluralize(usage.scalerRuns, 'scaler run')} of a second and 256 MB`,
    price:
      `Lambda $${PRICES.lambdaPerMillion.toFixed(2)} per million ` +
      `and $${PRICES.lambdaGbSecond} per GB-second`,
    dollars: (usage.scalerRuns * PRICES.lambdaPerMillion) / 1e6 + gbSeconds * PRICES.lambdaGbSecond,
  };
}

/** Dollars with as many digits as a small run needs. */
export function shownDollars(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars >= 0.1
    ? `$${dollars.toFixed(2)}`
    : `$${dollars.toFixed(Math.max(2, 1 - Math.floor(Math.log10(dollars))))}`;
}
