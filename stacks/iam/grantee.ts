import { Lazy } from 'cdktf';
import { Construct } from 'constructs';

/** One statement of an identity policy. Its actions are exact: a wildcard is a defect. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A role, or a policy of a role. Without a grant it allows nothing. */
export abstract class Grantee extends Construct {
  private readonly statements: Statement[] = [];

  /** Adds a permission. Only `grant…` methods call it, with the actions that they need. */
  allow(statement: Statement): void {
    this.statements.push(statement);
  }

  /** The JSON of all statements; it is written at the synthesis, after all grants. */
  protected policy(): string {
    return Lazy.stringValue({
      produce: () =>
        JSON.stringify({ Version: '2012-10-17', Statement: this.statements.map(policyStatement) }),
    });
  }
}

function policyStatement({ sid, actions, resources, conditions }: Statement) {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions && { Condition: conditions }),
  };
}

/**
 * Denies requests without TLS. A grant never holds a wildcard action; a deny must, since an action
 * that it leaves out would be open.
 */
export function denyWithoutTls(
  action: 's3:*' | 'sqs:*' | 'sns:Publish',
  resource: string | readonly string[],
) {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
