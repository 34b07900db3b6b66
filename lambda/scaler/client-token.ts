import { createHash } from 'node:crypto';
import type { CapacityProvider } from './ports';

export interface TokenParts {
  readonly environment: string;
  readonly pipeline: string;
  /** Milliseconds since the epoch of the minute that the run stands for. */
  readonly scheduledMinute: number;
  /** Of a run by hand. */
  readonly invocationId?: string;
  readonly capacityProvider: CapacityProvider;
  /** Number of the batch among those of its run and provider, from 0. */
  readonly batch: number;
}

/**
 * The client token of a launch batch, such as `photos-9f86d081-202603101405-FARGATE_SPOT-0`: a
 * repeated run has the same tokens, so that ECS launches each batch once. ECS takes at most 64
 * characters; the hash keeps apart what a shortened name would confuse, and runs by hand.
 */
export function clientToken(parts: TokenParts): string {
  const { environment, pipeline, invocationId } = parts;
  const owner = [environment, pipeline, ...(invocationId ? [invocationId] : [])].join('/');
  const hash = createHash('sha256').update(owner).digest('hex').slice(0, 8);
  const minute = new Date(parts.scheduledMinute).toISOString().replace(/\D/g, '').slice(0, 12);
  return [pipeline.slice(0, 20), hash, minute, parts.capacityProvider, parts.batch].join('-');
}
