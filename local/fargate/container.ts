import { join } from 'node:path';
import { DEFAULT_WORKLOAD, recipeOf, workloadNames } from '../../application-code/workloads';
import { awsEnvironment, programEnvironment, type Variables } from '../environment';
import type { WantedTask } from './ecs-tasks';

const APPLICATION_CODE = join(__dirname, '..', '..', 'application-code');

/** The program in the image of a workload: the bundle that `npm run build` makes. */
export const workerOf = (workload: string): string =>
  join(APPLICATION_CODE, workload, 'dist', 'main.js');

/** The workload that the task definition names in the variable `WORKLOAD`. */
export const workloadOf = ({ environment }: WantedTask): string =>
  environment.WORKLOAD ?? DEFAULT_WORKLOAD;

/**
 * The variables of a task, in an image or not: those of its AWS and of its task definition. Where
 * these name no memory limit, it is the task's memory.
 */
export function taskVariables(task: WantedTask, endpoint: string): Variables {
  return {
    ...awsEnvironment(endpoint),
    ...(task.memoryMiB ? { MEMORY_LIMIT_MIB: task.memoryMiB } : {}),
    ...task.environment,
  };
}

/**
 * The variables of a task's process: those of its image and its own. The task definition and the
 * overrides of its launch win, as they do in a container. Programs are found by the user's own
 * PATH, in its order, such as the Python of a virtual environment.
 */
export function containerVariables(task: WantedTask, endpoint: string, folder: string): Variables {
  return {
    ...programEnvironment(folder),
    ...imageVariables(workloadOf(task)),
    ...taskVariables(task, endpoint),
    // The folder plays the scratch volume. The volume's path in a container does not exist here.
    TMPDIR: folder,
  };
}

/** A workload that this checkout does not have fails when its program is started. */
function imageVariables(workload: string): Variables {
  return workloadNames().includes(workload) ? (recipeOf(workload).processVariables ?? {}) : {};
}
