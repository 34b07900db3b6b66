import * as deployed from '../../contract/variables';
import type { Variables } from '../environment';
import type { Names } from './names';
import type { LocalSettings } from './settings';

export interface Queues {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The account in which the emulator put them. */
  readonly accountId: string;
}

/** What the task definition tells the worker: as deployed, and what a run adds. */
export function workerVariables(names: Names, queues: Queues, settings: LocalSettings): Variables {
  return {
    ...deployed.workerVariables(settings as deployed.WorkerSettings, { ...names, ...queues }),
    WORKLOAD: settings.workload,
    ...settings.workerEnvironment,
  };
}

/**
 * What the function's configuration tells the scaler: as deployed, and where the front before ECS
 * is.
 */
export function scalerVariables(
  names: Names,
  queueUrl: string,
  settings: LocalSettings,
): Variables {
  return {
    ...deployed.scalerVariables(settings, {
      ...names,
      queueUrl,
      // The emulator's default subnet, which always has addresses; nobody looks at the security
      // group.
      subnetIds: ['subnet-00000001'],
      securityGroupIds: ['sg-local'],
      assignPublicIp: false,
    }),
    ...(settings.ecsEndpoint ? { AWS_ENDPOINT_URL_ECS: settings.ecsEndpoint } : {}),
  };
}
