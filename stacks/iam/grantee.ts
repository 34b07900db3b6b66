import type { IConstruct } from 'constructs';

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an identity policy. Actions are exact: a wildcard among them is a defect. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Who is granted something: a role, or a policy that is added to one. */
export interface Grantee extends IConstruct {
  /** Adds what it may do. Only `grant…` methods call it, each with the actions that it lists. */
  allow(statement: Statement): void;
}

/** The policy that the statements make. */
export function policyDocument(statements: readonly Statement[]) {
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
