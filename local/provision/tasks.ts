import { CreateClusterCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { containerDefinition, TASK_VOLUMES } from '../../contract/task-definition';
import type { Clients } from '../aws/clients';
import type { Variables } from '../environment';
import { required } from './queues';
import type { LocalSettings, Names } from './settings';

export async function makeCluster(
  { ecs }: Clients,
  names: Names,
  settings: LocalSettings,
): Promise<void> {
  await ecs.send(
    new CreateClusterCommand({
      clusterName: names.cluster,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        {
          capacityProvider: 'FARGATE',
          base: settings.onDemandBase,
          weight: settings.onDemandWeight,
        },
        { capacityProvider: 'FARGATE_SPOT', weight: settings.spotWeight },
      ],
    }),
  );
}

/** @returns `family:revision`, as in the parameter `task-definition`. */
export async function registerTaskDefinition(
  { ecs }: Clients,
  names: Names,
  variables: Variables,
  settings: LocalSettings,
): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: names.taskFamily,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(settings.cpuUnits),
      memory: String(settings.memoryMiB),
      volumes: [...TASK_VOLUMES],
      containerDefinitions: [
        {
          // The task runner starts the worker's bundle. No image is pulled.
          ...containerDefinition({ image: 'spillway-worker:local', variables }),
          stopTimeout: settings.stopTimeoutSeconds,
        },
      ],
    }),
  );
  const revision = required(taskDefinition?.revision, 'revision of the task definition');
  return `${names.taskFamily}:${revision}`;
}
