/** Names of everything in one local pipeline; nothing here depends on what the emulator answers. */
export interface Names {
  readonly environment: string;
  readonly pipeline: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly cluster: string;
  readonly taskFamily: string;
  /** The function, its role and its schedule. */
  readonly scaler: string;
  readonly parameterPath: string;
}

/** @param suffix - lower-case letters and digits, so that two pipelines on one emulator do not meet. */
export function namesOf(suffix: string): Names {
  const pipeline = `photos-${suffix}`;
  const prefix = `spillway-local-${pipeline}`;
  return {
    environment: 'local',
    pipeline,
    sourceBucket: `${prefix}-source`,
    destinationBucket: `${prefix}-destination`,
    queue: `${prefix}-work`,
    deadLetterQueue: `${prefix}-dead-letters`,
    cluster: prefix,
    taskFamily: `${prefix}-worker`,
    scaler: `${prefix}-scaler`,
    parameterPath: `/spillway/local/${pipeline}/`,
  };
}
