import type { Architecture } from './delivery';

/**
 * Prices in US dollars for us-east-1, Linux on ARM64, as published for the month that `asOf` names.
 */
export const PRICES = {
  asOf: 'November 2026',
  region: 'us-east-1',
  vcpuHour: 0.03238,
  gbHour: 0.00356,
  /** Spot moves with the market between 50 and 70 % less; the smaller discount is assumed. */
  spotDiscount: 0.5,
  publicIpv4Hour: 0.005,
  s3PutPerMillion: 5,
  s3GetPerMillion: 0.4,
  sqsPerMillion: 0.4,
  /** https://aws.amazon.com/sqs/pricing/ */
  fifoPerMillion: 0.5,
  /** S3's events are data events, for which a bucket opts in: https://aws.amazon.com/eventbridge/pricing/ */
  dataEventsPerMillion: 1,
  lambdaPerMillion: 0.2,
  lambdaGbSecond: 0.0000133334,
  /** A GB that CloudWatch Logs takes: https://aws.amazon.com/cloudwatch/pricing/ */
  logGb: 0.5,
} as const;

/**
 * Fargate on x86 in us-east-1, in US dollars, of the same month as `PRICES`:
 * https://aws.amazon.com/fargate/pricing/
 */
const X86_PRICES = { vcpuHour: 0.04048, gbHour: 0.004445 } as const;
const UNITS_PER_VCPU = 1024;
const MIB_PER_GB = 1024;

/** The part of a task's settings that decides its price. */
export interface TaskSize {
  readonly architecture: Architecture;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

export interface TaskPrice {
  /** US dollars for one task and hour. */
  readonly onDemand: number;
  readonly spot: number;
}

/**
 * The price of a running task in us-east-1, with its public address if it has one; other regions
 * differ by some per cent.
 */
export function taskPrice(
  { architecture, cpuUnits, memoryMiB }: TaskSize,
  publicAddress: boolean,
): TaskPrice {
  const { vcpuHour, gbHour } = fargatePrices(architecture);
  const compute = (cpuUnits / UNITS_PER_VCPU) * vcpuHour + (memoryMiB / MIB_PER_GB) * gbHour;
  const address = publicAddress ? PRICES.publicIpv4Hour : 0;
  return {
    onDemand: rounded(compute + address),
    spot: rounded(compute * (1 - PRICES.spotDiscount) + address),
  };
}

/** On demand, for a vCPU and a GB of memory. */
export function fargatePrices(architecture: Architecture) {
  return architecture === 'arm64' ? PRICES : X86_PRICES;
}

/** To a ten-thousandth of a cent, so that the dashboard shows no binary fractions. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(6));
}
