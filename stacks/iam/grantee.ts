import { Lazy } from 'cdktf';
import { Construct } from 'constructs';

/** One statement of an identity policy. Actions are exact: a wildcard among them is a defect. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A role, or a policy that is added to one. Without a grant it may do nothing. */
export abstract class Grantee extends Construct {
  private readonly statements: Statement[] = [];

  /** Adds a permission. Only `grant…` methods call it, each with the actions that it lists. */
  allow(statement: Statement): void {
    this.statements.push(statement);
  }

  /** The policy of all statements, as JSON that is written at the synthesis. */
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
