import { pipelineNames, pipelinePrefix } from '../../contract/names';
import { DEFAULT_NAME } from '../../stacks/config/schema';

const ENVIRONMENT = 'local';

/** Names of everything in one local pipeline. None depends on an answer of the emulator. */
export interface Names extends ReturnType<typeof pipelineNames> {
  readonly environment: string;
  readonly pipeline: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly cluster: string;
}

/**
 * @param suffix lower-case letters and digits; separates the pipelines on one emulator.
 */
export function namesOf(suffix: string): Names {
  const pipeline = `photos-${suffix}`;
  const id = { blueprint: DEFAULT_NAME, environment: ENVIRONMENT, pipeline };
  const prefix = pipelinePrefix(id);
  return {
    ...pipelineNames(id),
    environment: ENVIRONMENT,
    pipeline,
    sourceBucket: `${prefix}-source`,
    destinationBucket: `${prefix}-destination`,
    cluster: prefix,
  };
}
