import { DEFAULT_WORKLOAD } from '../application-code/workloads';

/** Which pipeline of which environment: the first parts of all its names. */
export interface PipelineId {
  readonly blueprint: string;
  readonly environment: string;
  readonly pipeline: string;
}

/** `spillway-dev-photos`: begins the name of everything that belongs to one pipeline. */
export function pipelinePrefix({ blueprint, environment, pipeline }: PipelineId): string {
  return `${blueprint}-${environment}-${pipeline}`;
}

/** `spillway-dev`: begins the name of everything that an environment has once. */
export function environmentPrefix({
  blueprint,
  name,
}: {
  readonly blueprint: string;
  readonly name: string;
}): string {
  return `${blueprint}-${name}`;
}

interface EnvironmentId {
  readonly blueprint: string;
  readonly name: string;
}

/** Names of what the images of a workload have in an environment. */
export function imageNames(environment: EnvironmentId, workload: string) {
  const prefix = environmentPrefix(environment);
  const isDefault = workload === DEFAULT_WORKLOAD;
  return {
    /** ECR repository of its images. A slash ends in no name of another workload or environment. */
    repository: `${prefix}-worker${isDefault ? '' : `/${workload}`}`,
    /** ECR repository of the layers that its builds share; its tags move. */
    cacheRepository: `${prefix}-worker-cache${isDefault ? '' : `/${workload}`}`,
    /** CodeBuild projects: `-arm64` or `-x86_64` follows. */
    buildProject: `${prefix}-build${isDefault ? '' : `-${workload}`}`,
  } as const;
}

/** Names of what an environment's delivery has once. */
export function deliveryNames(environment: EnvironmentId) {
  const prefix = environmentPrefix(environment);
  return {
    pipeline: `${prefix}-delivery`,
    /** SNS topic that reports every success and failure. */
    topic: `${prefix}-delivery`,
    /** Runs in the pipeline with the images that it has built. */
    deployProject: `${prefix}-deploy`,
    /** Parameter with a fingerprint of each pipeline's template; a change starts a redeploy. */
    templatesParameter: `/${environment.blueprint}/${environment.name}/templates`,
    /** Runs after a deploy of the stacks, with the image that is current. */
    redeployProject: `${prefix}-redeploy`,
  } as const;
}

/**
 * Names of one pipeline's resources; buckets are named apart, since those are unique in the world.
 */
export function pipelineNames(id: PipelineId) {
  const prefix = pipelinePrefix(id);
  return {
    queue: `${prefix}-work`,
    deadLetterQueue: `${prefix}-dead-letters`,
    taskFamily: `${prefix}-worker`,
    /**
     * Family of what a deploy of the stacks describes; the delivery pipeline registers copies of it
     * as `taskFamily`.
     */
    templateFamily: `${prefix}-worker-template`,
    /** Role of the tasks that finish its dataset; made for a destination of shards alone. */
    datasetRole: `${prefix}-dataset`,
    canaryQueue: `${prefix}-canary`,
    canaryDeadLetterQueue: `${prefix}-canary-dead-letters`,
    scaler: `${prefix}-scaler`,
    /** With `wake: 'event'`; the name of a FIFO queue must end so. */
    wakeQueue: `${prefix}-wake.fifo`,
    wakeRule: `${prefix}-wake`,
    parameterPath: `/${id.blueprint}/${id.environment}/${id.pipeline}/`,
    /**
     * Below it: what only the delivery reads. The scaler reads one level, and so nothing of this.
     */
    deliveryPath: `/${id.blueprint}/${id.environment}/${id.pipeline}/delivery/`,
  } as const;
}
