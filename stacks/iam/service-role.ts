import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { Construct } from 'constructs';
import { EnvironmentScope } from './environment-scope';
import { Grantee } from './grantee';

export interface ServiceRoleProps {
  /** Name in IAM, at most 64 characters. */
  readonly roleName: string;
  /** The service that assumes it for this account, such as `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Its purpose, as IAM shows it. */
  readonly description: string;
}

/** A role for one AWS service, with one inline policy that grows by grants. */
export class ServiceRole extends Grantee {
  readonly arn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { environment, accountId } = EnvironmentScope.of(this);
    const boundary = environment.permissionsBoundaryArn;
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      description: props.description,
      assumeRolePolicy: JSON.stringify(trustPolicy(props.service, accountId)),
      ...(boundary && { permissionsBoundary: boundary }),
    });
    new IamRolePolicy(this, 'policy', { name: 'grants', role: role.id, policy: this.policy() });
    this.arn = role.arn;
    this.roleName = role.name;
  }
}

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

/**
 * Services that send no source account when they assume a role, or do not promise to. Only the
 * role's own account can pass it to them.
 */
const SERVICES_WITHOUT_SOURCE_ACCOUNT = [
  'lambda.amazonaws.com',
  'codepipeline.amazonaws.com',
  'events.amazonaws.com',
];

function trustPolicy(service: string, accountId: string) {
  const sendsAccount = !SERVICES_WITHOUT_SOURCE_ACCOUNT.includes(service);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(sendsAccount && { Condition: { StringEquals: { 'aws:SourceAccount': accountId } } }),
      },
    ],
  };
}
