import type { NumberName } from './environment-numbers';

/**
 * Every variable that a task definition fills; a renamed one fails the types of whoever fills it.
 */
export type VariableName =
  | 'QUEUE_URL'
  | 'DEAD_LETTER_QUEUE_URL'
  | 'SOURCE_BUCKET'
  | 'DESTINATION_BUCKET'
  | 'SOURCE_PREFIX'
  | 'DESTINATION_PREFIX'
  | 'RECIPE'
  | 'FAIL_ON'
  | 'EXPECTED_BUCKET_OWNER'
  | 'LOG_LEVEL'
  | 'AWS_CLIENT'
  | 'ENVIRONMENT'
  | 'PIPELINE'
  | NumberName;
