import type { PipelineSettings } from '../config/blueprint-config';
import { secretLocation } from '../config/program-settings';
import type { Grantee } from '../iam/grantee';

type ProgramSettings = Pick<PipelineSettings, 'secrets' | 'secretKeyArns' | 'permissions'>;

/**
 * Lets ECS read the secrets of a pipeline, and no other, when it starts a task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets
 */
export function grantReadSecrets(
  executionRole: Grantee,
  { secrets, secretKeyArns }: ProgramSettings,
): void {
  const locations = Object.values(secrets).flatMap((arn) => secretLocation(arn) ?? []);
  const arnsOf = (wanted: 'ssm' | 'secretsmanager') => [
    ...new Set(locations.filter(({ service }) => service === wanted).map(({ arn }) => arn)),
  ];
  const statements = [
    { sid: 'ReadParameters', actions: ['ssm:GetParameters'], resources: arnsOf('ssm') },
    {
      sid: 'ReadSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: arnsOf('secretsmanager'),
    },
    { sid: 'DecryptSecrets', actions: ['kms:Decrypt'], resources: secretKeyArns },
  ];
  for (const statement of statements)
    if (statement.resources.length > 0) executionRole.allow(statement);
}

/** Lets the tasks of a pipeline do what its settings say. */
export function grantPermissions(taskRole: Grantee, { permissions }: ProgramSettings): void {
  for (const [index, { actions, resources, conditions }] of permissions.entries())
    taskRole.allow({
      sid: `Permission${index + 1}`,
      actions,
      resources: resources.map(literal),
      ...(Object.keys(conditions).length > 0 && { conditions: literalConditions(conditions) }),
    });
}

/**
 * A user's text as Terraform takes it as it stands: it would read `${` and `%{` as templates.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export function literal(text: string): string {
  return text.replace(/[$%]\{/g, (start) => `${start[0]}${start}`);
}

function literalConditions(conditions: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const mapped = <From, To>(by: Readonly<Record<string, From>>, map: (value: From) => To) =>
    Object.fromEntries(Object.entries(by).map(([name, value]) => [name, map(value)]));
  return mapped(conditions, (keys) => mapped(keys, literal));
}
