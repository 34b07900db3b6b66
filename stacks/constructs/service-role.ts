import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import type { EnvironmentScope } from './environment-scope';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an identity policy. Actions are exact: a wildcard among them is a defect. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

export interface ServiceRoleProps {
  /** Name in IAM, at most 64 characters. */
  readonly roleName: string;
  /** Who assumes it, such as `ecs-tasks.amazonaws.com`; only for this account. */
  readonly service: string;
  /** What it is for, as IAM shows it. */
  readonly description: string;
}

/** A role for one AWS service, with one inline policy that grows by grants. Without a grant it may do nothing. */
export class ServiceRole extends Construct {
  readonly arn: string;
  private readonly statements: Statement[] = [];

  constructor(scope: Construct, id: string, at: EnvironmentScope, props: ServiceRoleProps) {
    super(scope, id);
    const boundary = at.environment.permissionsBoundaryArn;
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      description: props.description,
      assumeRolePolicy: JSON.stringify(trust(props.service, at.accountId)),
      ...(boundary && { permissionsBoundary: boundary }),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'grants',
      role: role.id,
      policy: Lazy.stringValue({ produce: () => JSON.stringify(policyDocument(this.statements)) }),
    });
    this.arn = role.arn;
  }

  /** Adds what the role may do. Only `grant…` methods call it, each with the actions that it lists. */
  allow(statement: Statement): void {
    this.statements.push(statement);
  }
}

function trust(service: string, accountId: string) {
  // Lambda sends no source account when it assumes a role.
  const sendsSource = service !== 'lambda.amazonaws.com';
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

function policyDocument(statements: readonly Statement[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  };
}
