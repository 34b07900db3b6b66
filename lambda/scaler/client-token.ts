import { createHash } from 'node:crypto';
import type { CapacityProvider } from './ports';

export interface TokenParts {
  readonly environment: string;
  readonly pipeline: string;
  /** Milliseconds since the epoch of the minute that the run stands for. */
  readonly scheduledMinute: number;
  readonly capacityProvider: CapacityProvider;
  /** Number of the batch among those of its run and provider, from 0. */
  readonly batch: number;
}

/**
 * The client token of a launch batch, such as `photos-9f86d081-202603101405-FARGATE_SPOT-0`: the
 * same run repeated gives the same tokens, so that ECS launches each batch once. ECS takes at most
 * 64 characters; the hash keeps apart what a shortened name would confuse.
 */
export function clientToken(parts: TokenParts): string {
  const owner = createHash('sha256')
    .update(`${parts.environment}/${parts.pipeline}`)
    .digest('hex')
    .slice(0, 8);
  const minute = new Date(parts.scheduledMinute).toISOString().replace(/\D/g, '').slice(0, 12);
  return [parts.pipeline.slice(0, 20), owner, minute, parts.capacityProvider, parts.batch].join(
    '-',
  );
}
