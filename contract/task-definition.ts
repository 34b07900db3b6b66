import { CONTAINER_NAME } from './variables';

/** Seconds from SIGTERM to SIGKILL: the most that Fargate grants. */
export const STOP_TIMEOUT_SECONDS = 120;
/** User and group of the worker in its image. */
const WORKER_USER = '10001:10001';
/**
 * Where the worker may write; the image declares and owns it, or Fargate would mount it for root
 * alone.
 */
const SCRATCH = { volume: 'scratch', path: '/scratch' } as const;

export interface ContainerSettings {
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of secrets by the name of their variable; ECS reads them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where its output goes; absent on one machine. */
  readonly logs?: LogSettings;
}

export interface LogSettings {
  readonly group: string;
  readonly region: string;
  readonly mode: 'blocking' | 'non-blocking';
  /** Read with `non-blocking` alone. */
  readonly bufferMiB: number;
}

export const TASK_VOLUMES = [{ name: SCRATCH.volume }] as const;

/**
 * The worker's container, in the words of RegisterTaskDefinition. It needs no health check: a task
 * ends itself.
 */
export function containerDefinition({ image, variables, secrets, logs }: ContainerSettings) {
  return {
    name: CONTAINER_NAME,
    image,
    essential: true,
    user: WORKER_USER,
    privileged: false,
    readonlyRootFilesystem: true,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    // ECS answers with both lists, and the provider compares what is nested as it stands: without
    // the empty one, each plan would replace the revision.
    // https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/176
    linuxParameters: { initProcessEnabled: true, capabilities: { add: [], drop: ['ALL'] } },
    mountPoints: [{ sourceVolume: SCRATCH.volume, containerPath: SCRATCH.path, readOnly: false }],
    environment: Object.entries({ ...variables, TMPDIR: SCRATCH.path }).map(([name, value]) => ({
      name,
      value,
    })),
    ...(secrets &&
      Object.keys(secrets).length > 0 && {
        secrets: Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      }),
    ...(logs && {
      logConfiguration: {
        logDriver: 'awslogs' as const,
        options: {
          'awslogs-group': logs.group,
          'awslogs-region': logs.region,
          'awslogs-stream-prefix': 'worker',
          // Never the account's default, which AWS made `non-blocking` with a small buffer in 2025:
          // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
          mode: logs.mode,
          ...(logs.mode === 'non-blocking' && { 'max-buffer-size': `${logs.bufferMiB}m` }),
        },
      },
    }),
  };
}
