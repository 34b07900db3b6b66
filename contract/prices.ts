import type { Architecture } from './delivery';

/**
 * Prices in US dollars for us-east-1 and Linux, as published for the month that `asOf` names. Only
 * AWS's own list has those of all regions, and it changes:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html
 */
export const PRICES = {
  asOf: 'November 2026',
  region: 'us-east-1',
  /** Fargate on ARM64: https://aws.amazon.com/fargate/pricing/ */
  vcpuHour: 0.03238,
  gbHour: 0.00356,
  /** Fargate on x86. */
  x86VcpuHour: 0.04048,
  x86GbHour: 0.004445,
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

/** Those that are numbers: each may be replaced by that of another region. */
export type PriceName = Exclude<keyof typeof PRICES, 'asOf' | 'region'>;
export type Prices = Readonly<Record<PriceName, number>>;

/**
 * What differs from {@link PRICES} where the prices are known, by the pages that are named there
 * and https://aws.amazon.com/s3/pricing/.
 */
const DIFFERENCES: Readonly<Record<string, Partial<Prices>>> = {
  'us-east-1': {},
  'us-east-2': {},
  'us-west-2': {},
  'eu-west-1': { logGb: 0.57 },
  'eu-central-1': {
    ...{ vcpuHour: 0.03725, gbHour: 0.00409, x86VcpuHour: 0.04656, x86GbHour: 0.00511 },
    ...{ s3PutPerMillion: 5.4, s3GetPerMillion: 0.43, logGb: 0.63 },
  },
};

/** The prices of a region: those of us-east-1 where its own are not known. */
export function pricesIn(region: string): Prices & { readonly region: string } {
  const differences = DIFFERENCES[region];
  return { ...PRICES, ...differences, region: differences ? region : PRICES.region };
}

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

/** The price of a running task, with its public address if it has one. */
export function taskPrice(
  { architecture, cpuUnits, memoryMiB }: TaskSize,
  publicAddress: boolean,
  prices: Prices = PRICES,
): TaskPrice {
  const { vcpuHour, gbHour } = fargatePrices(architecture, prices);
  const compute = (cpuUnits / UNITS_PER_VCPU) * vcpuHour + (memoryMiB / MIB_PER_GB) * gbHour;
  const address = publicAddress ? prices.publicIpv4Hour : 0;
  return {
    onDemand: rounded(compute + address),
    spot: rounded(compute * (1 - prices.spotDiscount) + address),
  };
}

/** On demand, for a vCPU and a GB of memory. */
export function fargatePrices(architecture: Architecture, prices: Prices = PRICES) {
  const { vcpuHour, gbHour, x86VcpuHour, x86GbHour } = prices;
  return architecture === 'arm64'
    ? { vcpuHour, gbHour }
    : { vcpuHour: x86VcpuHour, gbHour: x86GbHour };
}

/** To a ten-thousandth of a cent, so that the dashboard shows no binary fractions. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(6));
}
