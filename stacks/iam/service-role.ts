import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';
import { EnvironmentScope } from './environment-scope';
import { Grantee } from './grantee';

export interface ServiceRoleProps {
  /** Name in IAM, at most 64 characters. */
  readonly roleName: string;
  /** Who assumes it, such as `ecs-tasks.amazonaws.com`; only for this account. */
  readonly service: string;
  /** What it is for, as IAM shows it. */
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
      assumeRolePolicy: JSON.stringify(trust(props.service, accountId)),
      ...(boundary && { permissionsBoundary: boundary }),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'grants',
      role: role.id,
      policy: this.policy(),
    });
    this.arn = role.arn;
    this.roleName = role.name;
  }
}

/**
 * They send no source account when they assume a role, or do not promise to; only the role's own
 * account can pass it to them.
 */
const SERVICES_WITHOUT_SOURCE_ACCOUNT = [
  'lambda.amazonaws.com',
  'codepipeline.amazonaws.com',
  'events.amazonaws.com',
];

function trust(service: string, accountId: string) {
  const sendsSource = !SERVICES_WITHOUT_SOURCE_ACCOUNT.includes(service);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(sendsSource && { Condition: { StringEquals: { 'aws:SourceAccount': accountId } } }),
      },
    ],
  };
}
