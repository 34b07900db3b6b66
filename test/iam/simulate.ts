import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Permission } from './permission';

export type AccessDecision = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly [more: string]: unknown;
}

export interface Request {
  /** ARN of a role, or a service such as `s3.amazonaws.com`. */
  readonly principal: string;
  readonly permission: Permission;
  readonly identityPolicy?: PolicyDocument;
  /** Policy of the queue, bucket, key or topic. */
  readonly resourcePolicy?: PolicyDocument | undefined;
}

/** No organisation has a say. */
const EVERYTHING = {
  orgIdentifier: 'r-none',
  policies: [
    {
      name: 'everything',
      policy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      },
    },
  ],
};

/** @throws Error when a policy or a request is malformed. */
export async function judge({
  principal,
  permission,
  identityPolicy,
  resourcePolicy,
}: Request): Promise<AccessDecision> {
  const { action, resource, context } = permission;
  const isRole = principal.startsWith('arn:');
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: accountOf(resource, principal) },
        contextVariables: { ...context },
      },
      identityPolicies: identityPolicy ? [{ name: 'grants', policy: identityPolicy }] : [],
      serviceControlPolicies: isRole ? [EVERYTHING] : [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    { simulationMode: 'Strict' },
  );
  if (answer.resultType === 'error')
    throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  if (answer.resultType === 'single') return answer.overallResult;
  // A request for every resource is allowed only by a statement for every resource; the library
  // also counts narrower ones.
  if (answer.overallResult === 'ExplicitlyDenied') return 'ExplicitlyDenied';
  const whole = answer.results.find(({ resourcePattern }) => resourcePattern === resource);
  return whole?.analysis.result ?? 'ImplicitlyDenied';
}

/** The ARN of a bucket or object has no account; it is ours. */
function accountOf(resource: string, principal: string): string {
  return resource.split(':')[4] || principal.split(':')[4] || '';
}
