/**
 * Every variable that the function's configuration fills; a renamed one fails the types of whoever
 * fills it.
 */
export type VariableName =
  | 'PIPELINE'
  | 'ENVIRONMENT'
  | 'PARAMETER_PATH'
  | 'QUEUE_URL'
  | 'CLUSTER'
  | 'TASK_FAMILY'
  | 'CONTAINER_NAME'
  | 'SUBNETS'
  | 'SECURITY_GROUPS'
  | 'ASSIGN_PUBLIC_IP'
  | 'ENABLED'
  | 'MAX_TASKS'
  | 'JOBS_PER_TASK'
  | 'ON_DEMAND_BASE'
  | 'ON_DEMAND_WEIGHT'
  | 'SPOT_WEIGHT';
