import {
  allowedValues,
  KNOB_NAMES,
  KNOB_RULES,
  type KnobName,
  type Knobs,
  parseKnob,
} from './knobs';
import type { VariableName } from './variables';

/** The environment of the function, read and checked. Every field says which variable fills it. */
export interface Environment {
  /** `PIPELINE`: 1 to 48 letters, digits, `-` and `_`. */
  readonly pipeline: string;
  /** `ENVIRONMENT`: as `PIPELINE`. */
  readonly environment: string;
  /** `PARAMETER_PATH`: SSM path of the runtime knobs, with a slash at both ends. */
  readonly parameterPath: string;
  /** `QUEUE_URL`: the work queue. */
  readonly queueUrl: string;
  /** `CLUSTER`: name or ARN. */
  readonly cluster: string;
  /** `TASK_FAMILY`: family of the worker's task definition. */
  readonly taskFamily: string;
  /**
   * `CONTAINER_NAME`: the worker's container; AWS may inject others (GuardDuty does), whose exit
   * codes say nothing.
   */
  readonly containerName: string;
  /** `SUBNETS`: 1 to 16 ids, separated by commas. */
  readonly subnets: readonly string[];
  /** `SECURITY_GROUPS`: 1 to 5 ids, separated by commas. */
  readonly securityGroups: readonly string[];
  /** `ASSIGN_PUBLIC_IP`: `ENABLED` or `DISABLED`, as ECS says it. */
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  /**
   * `STARTED_BY`: marks this scaler's tasks among those of the family. Default `spillway-scaler`.
   */
  readonly startedBy: string;
  /**
   * `ENABLED`, `MAX_TASKS`, `JOBS_PER_TASK`, `ON_DEMAND_BASE`, `ON_DEMAND_WEIGHT`, `SPOT_WEIGHT`.
   */
  readonly configured: Knobs;
}

interface TextRule {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly fallback?: string;
}

/**
 * What is read: the variables that the function's configuration fills, and one that it leaves out.
 */
type ReadName = VariableName | 'STARTED_BY';

const name = { pattern: /^[A-Za-z0-9_-]{1,48}$/, allowed: '1 to 48 letters, digits, `-` and `_`' };

const TEXT_RULES = {
  PIPELINE: name,
  ENVIRONMENT: name,
  PARAMETER_PATH: {
    pattern: /^\/([\w.-]+\/)+$/,
    allowed: 'a path such as `/spillway/production/photos/`',
  },
  QUEUE_URL: { pattern: /^https?:\/\/\S+$/, allowed: 'the URL of an SQS queue' },
  CLUSTER: { pattern: /^\S+$/, allowed: 'the name or ARN of an ECS cluster' },
  TASK_FAMILY: {
    pattern: /^[A-Za-z0-9_-]{1,255}$/,
    allowed: 'the family of an ECS task definition',
  },
  CONTAINER_NAME: {
    pattern: /^[A-Za-z0-9_-]{1,255}$/,
    allowed: "the name of the worker's container",
  },
  SUBNETS: {
    pattern: /^subnet-\w+(,subnet-\w+){0,15}$/,
    allowed: '1 to 16 subnet ids, separated by commas',
  },
  SECURITY_GROUPS: {
    pattern: /^sg-\w+(,sg-\w+){0,4}$/,
    allowed: '1 to 5 security group ids, separated by commas',
  },
  ASSIGN_PUBLIC_IP: { pattern: /^(ENABLED|DISABLED)$/, allowed: '`ENABLED` or `DISABLED`' },
  STARTED_BY: {
    pattern: /^[A-Za-z0-9_/-]{1,36}$/,
    allowed: '1 to 36 letters, digits, `-`, `_` and `/`',
    fallback: 'spillway-scaler',
  },
} as const satisfies Partial<Record<ReadName, TextRule>>;

type Variables = Readonly<Partial<Record<ReadName, string | undefined>>>;

/** The environment is not what the function needs; the message has one line per fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The scaler cannot start: ${faults.length} of its environment variables must be changed.\n- ${faults.join('\n- ')}`,
    );
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads the whole environment.
 * @throws EnvironmentError that names every fault at once.
 */
export function readEnvironment(variables: Variables = process.env): Environment {
  const faults: string[] = [];
  const text = (variable: keyof typeof TEXT_RULES): string => {
    const rule: TextRule = TEXT_RULES[variable];
    const value = variables[variable] || rule.fallback;
    if (value === undefined || !rule.pattern.test(value))
      faults.push(fault(variable, rule.allowed, value));
    return value ?? '';
  };
  const environment: Environment = {
    pipeline: text('PIPELINE'),
    environment: text('ENVIRONMENT'),
    parameterPath: text('PARAMETER_PATH'),
    queueUrl: text('QUEUE_URL'),
    cluster: text('CLUSTER'),
    taskFamily: text('TASK_FAMILY'),
    containerName: text('CONTAINER_NAME'),
    subnets: text('SUBNETS').split(','),
    securityGroups: text('SECURITY_GROUPS').split(','),
    assignPublicIp: text('ASSIGN_PUBLIC_IP') as Environment['assignPublicIp'],
    startedBy: text('STARTED_BY'),
    configured: readKnobs(variables, faults),
  };
  if (faults.length > 0) throw new EnvironmentError(faults);
  return environment;
}

function readKnobs(variables: Variables, faults: string[]): Knobs {
  const values = KNOB_NAMES.map((knob: KnobName) => {
    const { variable } = KNOB_RULES[knob];
    const value = parseKnob(knob, variables[variable] ?? '');
    if (value === undefined) faults.push(fault(variable, allowedValues(knob), variables[variable]));
    return [knob, value];
  });
  const knobs = Object.fromEntries(values) as Knobs;
  if (knobs.onDemandWeight === 0 && knobs.spotWeight === 0) {
    faults.push(
      'ON_DEMAND_WEIGHT and SPOT_WEIGHT must not both be 0: set at least one of them to 1 or more',
    );
  }
  return knobs;
}

function fault(variable: ReadName, allowed: string, value: string | undefined): string {
  const given = value ? `\`${value}\` was given` : 'it is missing';
  return `${variable} must be ${allowed}, but ${given}: set it in the configuration of the function`;
}
