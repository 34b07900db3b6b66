import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';
import { Grantee } from './grantee';
import type { ServiceRole } from './service-role';

export interface AddedPolicyProps {
  /** Possibly of another stack. */
  readonly role: ServiceRole;
  /** Name of the policy within the role. */
  readonly policyName: string;
}

/** One more inline policy of a role, for permissions that a later stack adds. */
export class AddedPolicy extends Grantee {
  /** For the `dependsOn` of what needs the permissions. */
  readonly resource: IamRolePolicy;
  constructor(scope: Construct, id: string, { role, policyName }: AddedPolicyProps) {
    super(scope, id);
    this.resource = new IamRolePolicy(this, 'policy', {
      name: policyName,
      role: role.roleName,
      policy: this.policy(),
    });
  }
}
