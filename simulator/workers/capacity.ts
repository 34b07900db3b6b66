import type { CapacityProvider } from '../../lambda/scaler/ports';
import type { Figures } from '../scenario';

/** What bounds the tasks of a capacity provider besides the scaler: Spot, and quotas of vCPUs. */
export class Capacity {
  /** @param vcpus of a task. */
  constructor(
    private readonly figures: Figures,
    private readonly vcpus: number,
  ) {}

  /** How many more tasks there is room for, and what RunTask answers beyond that. */
  room(provider: CapacityProvider, { now, tasks }: { now: number; tasks: number }) {
    const { spotTasks, spotEndsAtSeconds, onDemandVcpus, spotVcpus } = this.figures;
    const isSpot = provider === 'FARGATE_SPOT';
    const hasEnded = now >= (spotEndsAtSeconds ?? Number.POSITIVE_INFINITY);
    const capacity = hasEnded ? 0 : (spotTasks ?? Number.POSITIVE_INFINITY);
    const vcpus = (isSpot ? spotVcpus : onDemandVcpus) ?? Number.POSITIVE_INFINITY;
    const quota = Math.floor(vcpus / this.vcpus);
    const most = isSpot ? Math.min(capacity, quota) : quota;
    const room = Math.max(0, most - tasks);
    if (isSpot && capacity <= quota)
      return { fault: 'lackOfCapacity', limit: 'spot-capacity', room } as const;
    return { fault: 'overQuota', limit: isSpot ? 'spot-vcpus' : 'on-demand-vcpus', room } as const;
  }
}
