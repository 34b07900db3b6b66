import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { type Grantee, policyDocument, type Statement } from './grantee';
import type { ServiceRole } from './service-role';

export interface AddedPolicyProps {
  /** Another stack may have made it. */
  readonly role: ServiceRole;
  /** Name of the policy within the role. */
  readonly policyName: string;
}

/** One more inline policy of a role, for what a later stack lets it do. */
export class AddedPolicy extends Construct implements Grantee {
  /** What uses a grant depends on this. */
  readonly policy: IamRolePolicy;
  private readonly statements: Statement[] = [];

  constructor(scope: Construct, id: string, { role, policyName }: AddedPolicyProps) {
    super(scope, id);
    this.policy = new IamRolePolicy(this, 'policy', {
      name: policyName,
      role: role.roleName,
      policy: Lazy.stringValue({ produce: () => JSON.stringify(policyDocument(this.statements)) }),
    });
  }

  allow(statement: Statement): void {
    this.statements.push(statement);
  }
}
