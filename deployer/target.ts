import type { DeliveryTarget } from '../contract/delivery';

interface Rule {
  readonly holds: (value: unknown) => boolean;
  readonly must: string;
}

const matches = (pattern: RegExp, must: string): Rule => ({
  holds: (value) => typeof value === 'string' && pattern.test(value),
  must,
});
const text = matches(/\S/, 'a text');
const url = matches(/^https?:\/\/\S+$/, 'the URL of a queue');
const listOf = (pattern: RegExp, must: string): Rule => ({
  holds: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === 'string' && pattern.test(each)),
  must,
});

/** A rule for each field; a field without one fails the types. */
const RULES: Readonly<Record<keyof DeliveryTarget, Rule>> = {
  pipeline: matches(/^[A-Za-z0-9_-]+$/, 'made of letters, digits, `-` and `_`'),
  architecture: matches(/^(arm64|x86_64)$/, '`arm64` or `x86_64`'),
  templateRevision: matches(
    /^arn:[\w-]+:ecs:.+:task-definition\/.+:\d+$/,
    'the ARN of a task definition',
  ),
  taskFamily: matches(/^[A-Za-z0-9_-]{1,255}$/, 'the family of a task definition'),
  cluster: text,
  subnetIds: listOf(/^subnet-\w+$/, 'a list of subnet ids'),
  securityGroupIds: listOf(/^sg-\w+$/, 'a list of security group ids'),
  assignPublicIp: { holds: (value) => typeof value === 'boolean', must: 'true or false' },
  parameterPath: matches(/^\/([\w.-]+\/)+$/, 'a path with a slash at both ends'),
  sourceBucket: text,
  destinationBucket: text,
  accountId: matches(/^\d{12}$/, 'twelve digits'),
  canaryQueueUrl: url,
  canaryDeadLetterQueueUrl: url,
  workerLogGroup: text,
  repository: text,
  repositoryUri: matches(/^[^\s@]+$/, 'the URI of a repository without a digest'),
};

/**
 * Reads the parameter `target`.
 * @throws Error that names the parameter and every fault at once.
 */
export function parseTarget(parameter: string, json: string): DeliveryTarget {
  const target = asObject(parameter, json);
  const faults = Object.entries(RULES).flatMap(([field, { holds, must }]) =>
    holds(target[field]) ? [] : [`${field} must be ${must}, but ${shown(target[field])}`],
  );
  if (faults.length === 0) return target as unknown as DeliveryTarget;
  throw unusable(parameter, faults.join('; '));
}

function asObject(parameter: string, json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch (cause) {
    throw unusable(
      parameter,
      `it is no JSON (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  throw unusable(parameter, `it is no JSON object: ${json.slice(0, 100)}`);
}

function unusable(parameter: string, why: string): Error {
  return new Error(
    `The parameter ${parameter} does not describe a pipeline: ${why}. Deploy the stacks of ` +
      'this environment again, which writes it.',
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'it is missing' : `${JSON.stringify(value).slice(0, 100)} was given`;
}
