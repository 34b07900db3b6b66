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

/** Names of one pipeline's resources; buckets are named apart, since those are unique in the world. */
export function pipelineNames(id: PipelineId) {
  const prefix = pipelinePrefix(id);
  return {
    queue: `${prefix}-work`,
    deadLetterQueue: `${prefix}-dead-letters`,
    taskFamily: `${prefix}-worker`,
    scaler: `${prefix}-scaler`,
    parameterPath: `/${id.blueprint}/${id.environment}/${id.pipeline}/`,
  } as const;
}
