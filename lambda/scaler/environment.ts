import { decimal, list, matching, oneOf, setting, wholeNumber } from '../../text/setting';
import {
  readVariables,
  type ValuesOf,
  type VariableOf,
  type Variables,
  withoutDefaults,
} from '../../text/variables';
import { KNOB_RULES, type Knobs } from './decision/knobs';
import { SCALING_RULES } from './decision/scaling';
import { TASKS_PER_CALL } from './ports';

const name = matching('1 to 48 letters, digits, `-` and `_`', /^[A-Za-z0-9_-]{1,48}$/);
const subnetId = matching('a subnet id', /^subnet-\w+$/);
const securityGroupId = matching('a security group id', /^sg-\w+$/);

/** What the function's configuration says of its pipeline, beside the knobs. */
export const SCALER_VARIABLES = {
  pipeline: { variable: 'PIPELINE', schema: name },
  environment: { variable: 'ENVIRONMENT', schema: name },
  /** SSM path of the runtime knobs, with a slash at both ends. */
  parameterPath: {
    variable: 'PARAMETER_PATH',
    schema: matching('a path such as `/spillway/production/photos/`', /^\/([\w.-]+\/)+$/),
  },
  queueUrl: {
    variable: 'QUEUE_URL',
    schema: matching('the URL of an SQS queue', /^https?:\/\/\S+$/),
  },
  cluster: {
    variable: 'CLUSTER',
    schema: matching('the name or ARN of an ECS cluster', /^\S+$/),
  },
  taskFamily: {
    variable: 'TASK_FAMILY',
    schema: matching('the family of an ECS task definition', /^[A-Za-z0-9_-]{1,255}$/),
  },
  /** AWS may inject other containers (GuardDuty does), whose exit codes say nothing. */
  containerName: {
    variable: 'CONTAINER_NAME',
    schema: matching("the name of the worker's container", /^[A-Za-z0-9_-]{1,255}$/),
  },
  subnets: {
    variable: 'SUBNETS',
    schema: list(subnetId, { what: 'subnet ids, separated by commas', min: 1, max: 16 }),
  },
  securityGroups: {
    variable: 'SECURITY_GROUPS',
    schema: list(securityGroupId, {
      what: 'security group ids, separated by commas',
      min: 1,
      max: 5,
    }),
  },
  assignPublicIp: { variable: 'ASSIGN_PUBLIC_IP', schema: oneOf(['ENABLED', 'DISABLED']) },
  /** Age at which a task takes no more jobs. */
  maxTaskSeconds: {
    variable: 'MAX_TASK_SECONDS',
    schema: wholeNumber({ unit: 'seconds', min: 1, max: 86_400 }),
  },
  /** Tasks that an upload launches for a pipeline without any; 0: uploads launch none. */
  wakeTasks: {
    variable: 'WAKE_TASKS',
    schema: wholeNumber({ unit: 'tasks', min: 0, max: TASKS_PER_CALL }),
  },
  scalingPolicy: { variable: 'SCALING_POLICY', schema: oneOf(SCALING_RULES) },
  /** Seconds that a job takes until there are measurements. */
  jobSeconds: {
    variable: 'JOB_SECONDS',
    schema: decimal({ unit: 'seconds', min: 0.001, max: 43_200 }),
  },
  /** Jobs that one task works on at a time. */
  jobsAtATime: {
    variable: 'JOBS_AT_A_TIME',
    schema: wholeNumber({ unit: 'jobs', min: 1, max: 10_000 }),
  },
} as const satisfies Variables;

/** Every variable that the function's configuration fills. */
export type VariableName = VariableOf<typeof SCALER_VARIABLES> | VariableOf<typeof KNOB_RULES>;

/** Variables that only some functions have. */
const OPTIONAL_VARIABLES = {
  startedBy: {
    variable: 'STARTED_BY',
    schema: setting(
      matching('1 to 36 letters, digits, `-`, `_` and `/`', /^[A-Za-z0-9_/-]{1,36}$/),
      'spillway-scaler',
      "Marks this scaler's tasks among those of the family.",
    ),
  },
  shardSamples: {
    variable: 'SHARD_SAMPLES',
    schema: setting(
      wholeNumber({ unit: 'samples', min: 0, max: 40_000 }),
      0,
      'Samples that a task collects before it acknowledges any; 0: it collects none.',
    ),
  },
} as const satisfies Variables;

/** A variable that only some functions have. */
export type OptionalVariable = VariableOf<typeof OPTIONAL_VARIABLES>;

const VARIABLES = { ...SCALER_VARIABLES, ...OPTIONAL_VARIABLES } as const satisfies Variables;

/** The environment of the function, read and checked. */
export interface Environment extends ValuesOf<typeof VARIABLES> {
  readonly configured: Knobs;
}

/** The environment is not what the function needs; the message has one line per fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The scaler cannot start: ${faults.length} of its environment variables must be ` +
        `changed.\n- ${faults.join('\n- ')}`,
    );
    this.name = 'EnvironmentError';
  }
}

/** A knob has no default here: a guess could launch a fleet that no one asked for. */
const KNOBS = withoutDefaults(KNOB_RULES);

/**
 * Reads the whole environment.
 * @throws EnvironmentError that names every fault at once.
 */
export function readEnvironment(
  variables: Readonly<
    Partial<Record<VariableName | OptionalVariable, string | undefined>>
  > = process.env,
): Environment {
  const pipeline = readVariables(VARIABLES, variables);
  const knobs = readVariables(KNOBS, variables);
  const faults = [...pipeline.faults.values(), ...knobs.faults.values()].map(
    (fault) => `${fault}: set it in the configuration of the function`,
  );
  if (knobs.values.onDemandWeight === 0 && knobs.values.spotWeight === 0)
    faults.push(
      'ON_DEMAND_WEIGHT and SPOT_WEIGHT must not both be 0: set at least one of them to 1 or more',
    );
  if (faults.length > 0) throw new EnvironmentError(faults);
  return { ...pipeline.values, configured: knobs.values };
}
