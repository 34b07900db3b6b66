import { startEcsProxy } from '../../local/ecs/ecs-proxy';
import type { Photo } from '../e2e/photos';
import { awsClients } from '../emulator/clients';
import { drain } from '../emulator/drain';
import { leadScaler, startFleet } from '../emulator/fleet';
import { LAUNCH_MODES, type LaunchMode } from '../emulator/launch-modes';
import type { Project } from './checkout';
import { promote, readDeployment } from './deployment';

const MAX_TASKS = 20;

/**
 * Lets real workers drain photos through a deployed pipeline, of which two are told to end on the
 * way.
 * @returns what is wrong in the end.
 */
export async function drainDeployed(
  project: Project,
  environment: string,
  mode: LaunchMode,
  photos: readonly Photo[],
): Promise<readonly string[]> {
  const { pipeline } = await readDeployment(project, environment, mode);
  const clients = awsClients(project.endpoint);
  const ecs = await startEcsProxy(project.endpoint);
  const Name = `${pipeline.parameterPath}max-tasks`;
  await clients.ssm.putParameter({ Name, Value: String(MAX_TASKS), Overwrite: true });
  await promote(clients, pipeline);
  await leadScaler(clients, pipeline, { endpoint: project.endpoint, ecsEndpoint: ecs.endpoint });
  const fleet = await startFleet(pipeline, ecs, clients);
  try {
    const settings = LAUNCH_MODES[mode];
    const parts = { clients, pipeline, fleet, settings, kills: 'SIGTERM' } as const;
    // The emulator runs the schedule, too, so that two runs may not see each other's tasks.
    return await drain(photos, { ...parts, mostTasks: 2 * MAX_TASKS });
  } finally {
    await fleet.runner.stop();
    await ecs.stop();
    clients.destroy();
  }
}
