import type { PriceName } from '../../contract/prices';
import type { NamedNumber } from './named-numbers';

const dollars = (about: string): NamedNumber => ({ least: 0, most: 1_000, about });

/** What `--price` may say, in US dollars; each has the price of us-east-1 unless it is said. */
export const PRICE_LIST: Readonly<Record<PriceName, NamedNumber>> = {
  vcpuHour: dollars('Fargate on ARM64: a vCPU for an hour'),
  gbHour: dollars('Fargate on ARM64: a GB for an hour'),
  x86VcpuHour: dollars('Fargate on x86: a vCPU for an hour'),
  x86GbHour: dollars('Fargate on x86: a GB for an hour'),
  spotDiscount: { least: 0, most: 1, about: 'part by which Spot is cheaper' },
  publicIpv4Hour: dollars('a public address for an hour'),
  s3PutPerMillion: dollars('a million PUT requests'),
  s3GetPerMillion: dollars('a million GET and HEAD requests'),
  sqsPerMillion: dollars('a million requests to a standard queue'),
  fifoPerMillion: dollars('a million requests to a FIFO queue'),
  dataEventsPerMillion: dollars('a million events of S3 on EventBridge'),
  lambdaPerMillion: dollars('a million runs of a function'),
  lambdaGbSecond: dollars('a GB of a function for a second'),
  logGb: dollars('a GB that CloudWatch Logs takes'),
};
