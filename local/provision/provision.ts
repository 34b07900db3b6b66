import type { Pipeline } from '../ports';
import type { ProvisionSettings } from './settings';

/**
 * Makes the whole pipeline on an emulator: buckets, queues, notification, cluster, task definition, parameters,
 * the scaler with its schedule. Names carry a random suffix, so several pipelines fit on one emulator.
 * The scaler's bundle must have been built (`npm run build`).
 */
export async function provision(_endpoint: string, _settings: ProvisionSettings): Promise<Pipeline> {
  throw new Error('not built yet');
}

/** Deletes all that `provision` made; what is gone already is fine. For an emulator that outlives us (`--endpoint`). */
export async function unprovision(_pipeline: Pipeline): Promise<void> {
  throw new Error('not built yet');
}
