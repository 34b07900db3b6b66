/** What `spillway dataset` needs of ECS and of the logs; `aws/` implements it, tests fake it. */

import type { CanaryTask, LaunchResult, TaskPlace } from '../../deployer/ports';

export interface DatasetLaunch extends TaskPlace {
  /** ARN of the role that it has instead of the worker's. */
  readonly taskRoleArn: string;
  /** Arguments of the image's own program. */
  readonly command: readonly string[];
}

export interface DatasetTasks {
  launch(launch: DatasetLaunch): Promise<LaunchResult>;
  /** @returns undefined when ECS does not know the task. */
  look(cluster: string, taskArn: string): Promise<CanaryTask | undefined>;
  /** The last lines of a task's log, the newest one last; none before it has written any. */
  tail(logGroup: string, taskArn: string): Promise<readonly string[]>;
}
