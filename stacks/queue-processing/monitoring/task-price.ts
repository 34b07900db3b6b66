import { PRICES } from '../../../contract/prices';
import type { PipelineSettings } from '../../config/blueprint-config';

/**
 * Fargate on x86 in us-east-1, in US dollars, of the same month as `PRICES`:
 * https://aws.amazon.com/fargate/pricing/
 */
const X86_PRICES = { vcpuHour: 0.04048, gbHour: 0.004445 } as const;
const UNITS_PER_VCPU = 1024;
const MIB_PER_GB = 1024;

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
  {
    architecture,
    cpuUnits,
    memoryMiB,
  }: Pick<PipelineSettings, 'architecture' | 'cpuUnits' | 'memoryMiB'>,
  publicAddress: boolean,
): TaskPrice {
  const { vcpuHour, gbHour } = architecture === 'arm64' ? PRICES : X86_PRICES;
  const compute = (cpuUnits / UNITS_PER_VCPU) * vcpuHour + (memoryMiB / MIB_PER_GB) * gbHour;
  const address = publicAddress ? PRICES.publicIpv4Hour : 0;
  return {
    onDemand: rounded(compute + address),
    spot: rounded(compute * (1 - PRICES.spotDiscount) + address),
  };
}

/** To a ten-thousandth of a cent, so that the dashboard shows no binary fractions. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(6));
}
