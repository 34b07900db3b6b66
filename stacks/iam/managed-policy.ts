import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { Construct } from 'constructs';
import { Grantee } from './grantee';
import type { ServiceRole } from './service-role';

export interface ManagedPolicyProps {
  readonly role: ServiceRole;
  /** Name in IAM, at most 128 characters. */
  readonly policyName: string;
  /** Its purpose, as IAM shows it. */
  readonly description: string;
}

/**
 * A managed policy of a role. All inline policies of a role share 10,240 characters; a managed
 * policy may have 6,144.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export class ManagedPolicy extends Grantee {
  constructor(scope: Construct, id: string, { role, policyName, description }: ManagedPolicyProps) {
    super(scope, id);
    const { arn: policyArn } = new IamPolicy(this, 'policy', {
      name: policyName,
      description,
      policy: this.policy(),
    });
    new IamRolePolicyAttachment(this, 'attachment', { role: role.roleName, policyArn });
  }
}
