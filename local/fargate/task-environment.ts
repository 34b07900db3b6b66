import { ALLOCATOR } from '../../application-code/images/memory/allocator';
import { awsEnvironment, baseEnvironment, type Environment } from '../environment';
import type { WantedTask } from './ecs-tasks';

/**
 * The environment of a task's process. The task definition and the overrides of its launch have the
 * last word, as they would in a container; without one in them the memory limit is the task's.
 */
export function taskEnvironment(task: WantedTask, endpoint: string, folder: string): Environment {
  return {
    ...baseEnvironment(folder),
    ...ALLOCATOR,
    ...awsEnvironment(endpoint),
    ...(task.memoryMiB ? { MEMORY_LIMIT_MIB: task.memoryMiB } : {}),
    ...task.environment,
    // The folder stands for the scratch volume, whose path in a container is none here.
    TMPDIR: folder,
  };
}
