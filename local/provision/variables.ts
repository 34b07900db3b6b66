import * as deployed from '../../contract/variables';
import type { Variables } from '../environment';
import type { Names } from './names';
import type { LocalSettings } from './settings';

export interface QueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The account of the emulator. */
  readonly accountId: string;
}

/** Variables of the worker: those of a deploy, and those that a run adds. */
export function workerVariables(
  names: Names,
  queues: QueueUrls,
  settings: LocalSettings,
): Variables {
  return {
    ...deployed.workerVariables(settings as deployed.WorkerSettings, { ...names, ...queues }),
    WORKLOAD: settings.workload,
    ...settings.workerEnvironment,
  };
}

/** Variables of the scaler: those of a deploy, and the endpoint of the ECS proxy. */
export function scalerVariables(
  names: Names,
  queueUrl: string,
  settings: LocalSettings,
): Variables {
  return {
    ...deployed.scalerVariables(settings, {
      ...names,
      queueUrl,
      // The emulator's default subnet always has addresses. It does not check security groups.
      subnetIds: ['subnet-00000001'],
      securityGroupIds: ['sg-local'],
      assignPublicIp: false,
    }),
    ...(settings.ecsEndpoint ? { AWS_ENDPOINT_URL_ECS: settings.ecsEndpoint } : {}),
  };
}
