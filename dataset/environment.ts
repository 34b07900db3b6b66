import { SDK_VARIABLES, WORKER_VARIABLES } from '../application-code/worker/src/settings';
import { readVariables, type ValuesOf } from '../text/variables';

const { sourceBucket, sourcePrefix, destinationBucket, destinationPrefix, expectedBucketOwner } =
  WORKER_VARIABLES;
const { endpoint, s3Endpoint } = SDK_VARIABLES;

/** What the container of a pipeline's task says to a worker, and to this program as well. */
const VARIABLES = {
  ...{ sourceBucket, sourcePrefix, destinationBucket, destinationPrefix, expectedBucketOwner },
  ...{ endpoint, s3Endpoint },
} as const;

export type DatasetEnvironment = ValuesOf<typeof VARIABLES>;

/** An environment without buckets; the message has a sentence for each fault. */
export class DatasetEnvironmentError extends Error {
  override readonly name = 'DatasetEnvironmentError';
}

/** @throws DatasetEnvironmentError */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): DatasetEnvironment {
  const { values, faults } = readVariables(VARIABLES, variables);
  if (faults.size > 0) throw new DatasetEnvironmentError([...faults.values()].join('\n'));
  return values;
}
