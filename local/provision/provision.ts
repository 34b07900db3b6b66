import { randomBytes } from 'node:crypto';
import { outputPlans } from '../../application-code/worker/src/job/manifest';
import { recipeOf } from '../../application-code/workloads';
import * as deployed from '../../contract/variables';
import { taskConcurrency } from '../../stacks/config/pipeline-settings';
import { type Clients, createClients } from '../aws/clients';
import { LOCAL_REGION, type Variables } from '../environment';
import type { Pipeline } from '../ports';
import { makeBuckets, notify } from './buckets';
import { makeQueues, type QueueUrls } from './queues';
import { makeParameters, makeRole, makeScaler, schedule } from './scaler';
import {
  LOCAL_DEFAULTS,
  type LocalSettings,
  type Names,
  namesOf,
  type ProvisionSettings,
} from './settings';
import { makeCluster, registerTaskDefinition } from './tasks';
import { makeWakeUps } from './wake-ups';

/**
 * Makes the whole pipeline on an emulator: buckets, queues, notification, cluster, task definition,
 * parameters, and the scaler with its schedule. Names have a random suffix, so that an emulator can
 * hold several pipelines. The scaler's bundle must have been built (`npm run build`).
 *
 *     const pipeline = await provision(emulator.endpoint, { ecsEndpoint: proxy.endpoint, recipe });
 *     … upload below `${pipeline.sourcePrefix}` of `pipeline.sourceBucket` …
 *     await invokeScaler(pipeline);
 */
export async function provision(
  endpoint: string,
  settings: ProvisionSettings = {},
): Promise<Pipeline> {
  const names = namesOf(randomBytes(4).toString('hex'));
  const clients = createClients(endpoint);
  try {
    return await make(clients, names, { ...LOCAL_DEFAULTS, ...settings }, endpoint);
  } finally {
    clients.destroy();
  }
}

/** Three rounds. The resources of one round do not depend on each other. */
async function make(
  clients: Clients,
  names: Names,
  settings: LocalSettings,
  endpoint: string,
): Promise<Pipeline> {
  const [queues, roleArn] = await Promise.all([
    makeQueues(clients, names, settings),
    makeRole(clients, names),
    makeBuckets(clients, names),
    makeCluster(clients, names, settings),
  ]);
  const [functionArn] = await Promise.all([
    makeScaler(clients, names, roleArn, scalerVariables(names, queues.queueUrl, settings)),
    registerTaskDefinition(clients, names, workerVariables(names, queues, settings), settings).then(
      (revision) => makeParameters(clients, names, revision),
    ),
    notify(clients, names, queues.queueArn, settings),
  ]);
  if (settings.schedule) await schedule(clients, names, functionArn, roleArn);
  const wakes = settings.wake === 'event';
  const wakeUps = wakes ? await makeWakeUps(clients, names, settings) : undefined;
  return {
    ...placesOf(names, queues, settings),
    endpoint,
    ecsEndpoint: settings.ecsEndpoint ?? endpoint,
    ...(wakeUps && { wakeUps }),
  };
}

/** Where a run finds what was made. */
function placesOf(
  names: Names,
  queues: QueueUrls,
  settings: LocalSettings,
): Omit<Pipeline, 'endpoint' | 'ecsEndpoint'> {
  return {
    region: LOCAL_REGION,
    accountId: queues.accountId,
    sourceBucket: names.sourceBucket,
    sourcePrefix: settings.sourcePrefix,
    destinationBucket: names.destinationBucket,
    destinationPrefix: settings.destinationPrefix,
    queueUrl: queues.queueUrl,
    deadLetterQueueUrl: queues.deadLetterQueueUrl,
    cluster: names.cluster,
    taskFamily: names.taskFamily,
    scalerFunctionName: names.scaler,
    parameterPath: names.parameterPath,
    cpuUnits: settings.cpuUnits,
    memoryMiB: settings.memoryMiB,
    workload: settings.workload,
    outputs: outputPlans(recipeOf(settings.workload), settings.recipe),
  };
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
    ...deployed.scalerVariables(
      { ...settings, jobsAtATime: taskConcurrency(settings) },
      {
        ...names,
        queueUrl,
        // The emulator's default subnet always has addresses. It does not check security groups.
        subnetIds: ['subnet-00000001'],
        securityGroupIds: ['sg-local'],
        assignPublicIp: false,
      },
    ),
    ...(settings.ecsEndpoint && {
      AWS_ENDPOINT_URL_ECS: settings.ecsEndpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: settings.ecsEndpoint,
    }),
  };
}
