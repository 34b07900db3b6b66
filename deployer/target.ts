import * as z from 'zod/mini';
import { DELIVERY_PARAMETERS, type DeliveryTarget } from '../contract/delivery';
import { flag, list, matching, oneOf } from '../text/setting';
import type { Parameters } from './ports';

const word = matching('a text', /\S/);
const url = matching('the URL of a queue', /^https?:\/\/\S+$/);
const ids = (pattern: RegExp, what: string) =>
  list(matching(`the id of a ${what}`, pattern), { what: `${what} ids`, min: 1, max: 16 });

/** A schema for each field; a field without one fails the types. */
const FIELDS: Readonly<Record<keyof DeliveryTarget, z.ZodMiniType>> = {
  pipeline: matching('made of letters, digits, `-` and `_`', /^[A-Za-z0-9_-]+$/),
  workload: word,
  architecture: oneOf(['arm64', 'x86_64']),
  templateRevision: matching(
    'the ARN of a task definition',
    /^arn:[\w-]+:ecs:.+:task-definition\/.+:\d+$/,
  ),
  taskFamily: matching('the family of a task definition', /^[A-Za-z0-9_-]{1,255}$/),
  cluster: word,
  subnetIds: ids(/^subnet-\w+$/, 'subnet'),
  securityGroupIds: ids(/^sg-\w+$/, 'security group'),
  assignPublicIp: flag(),
  parameterPath: matching('a path with a slash at both ends', /^\/([\w.-]+\/)+$/),
  sourceBucket: word,
  destinationBucket: word,
  accountId: matching('twelve digits', /^\d{12}$/),
  canaryQueueUrl: url,
  canaryDeadLetterQueueUrl: url,
  workerLogGroup: word,
  repository: word,
  repositoryUri: matching('the URI of a repository without a digest', /^[^\s@]+$/),
};

/** The parameter `target` of a pipeline, and its version. */
export async function readTarget(
  parameters: Pick<Parameters, 'read'>,
  deliveryPath: string,
): Promise<{ readonly target: DeliveryTarget; readonly version: number }> {
  const parameter = `${deliveryPath}${DELIVERY_PARAMETERS.target}`;
  const { value, version } = await parameters.read(parameter);
  return { target: parseTarget(parameter, value), version };
}

/**
 * Reads the value of a parameter `target`.
 * @throws Error that names the parameter and every fault at once.
 */
export function parseTarget(parameter: string, json: string): DeliveryTarget {
  const target = asObject(parameter, json);
  const { error } = z.safeParse(z.looseObject(FIELDS), target);
  if (!error) return target as unknown as DeliveryTarget;
  const faults = error.issues.map(({ path: [field, ...index], message }) => {
    const place = index.map((one) => `[${String(one)}]`).join('');
    return `${String(field)}${place} ${message}`;
  });
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
