import { type PipelineId, pipelineNames } from '../../contract/names';

/** Settings by name, as deep as they go. */
export interface Fields {
  readonly [field: string]: unknown;
}

/** Paths at which two records differ, such as `task.container.image`; a list is one value. */
export function differences(one: unknown, other: unknown, path = ''): readonly string[] {
  if (isRecord(one) && isRecord(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return names.flatMap((name) =>
      differences(one[name], other[name], path ? `${path}.${name}` : name),
    );
  }
  return canonical(one) === canonical(other) ? [] : [path];
}

/** The same with roles in place of names: a text that is a key of `roles` becomes its value. */
export function inRoles(value: unknown, roles: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return roles[value] ?? value;
  if (Array.isArray(value)) return value.map((one) => inRoles(one, roles));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, inRoles(one, roles)]),
  );
}

export function byName(
  variables: readonly {
    readonly name?: string | undefined;
    readonly value?: string | undefined;
  }[] = [],
): Fields {
  return Object.fromEntries(variables.map(({ name = '', value }) => [name, value]));
}

/** Statements of a queue's policy by their names. */
export function statements(policy: unknown): Fields {
  if (typeof policy !== 'string' || policy === '') return {};
  const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Fields[] };
  return Object.fromEntries(Statement.map((statement) => [`${statement.Sid}`, statement]));
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_name, one) =>
    isRecord(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a pipeline's resources are called where they were made. */
export interface Called {
  readonly id: PipelineId;
  readonly cluster: string;
  readonly workQueue: { readonly arn: string; readonly url: string };
  readonly deadLetterQueue: { readonly arn: string; readonly url: string };
  readonly sourceBucket: { readonly arn: string; readonly name: string };
  readonly destinationBucket: string;
  readonly scalerArn: string;
}

/** The role of each of a pipeline's names. */
export function rolesOf(called: Called): Readonly<Record<string, string>> {
  const names = pipelineNames(called.id);
  return {
    [called.id.environment]: '<environment>',
    [called.id.pipeline]: '<pipeline>',
    [names.queue]: '<work queue>',
    [names.deadLetterQueue]: '<dead-letter queue>',
    [names.taskFamily]: '<family>',
    [names.scaler]: '<scaler>',
    [names.parameterPath]: '<parameters>',
    [called.cluster]: '<cluster>',
    [called.workQueue.arn]: '<work queue ARN>',
    [called.workQueue.url]: '<work queue URL>',
    [called.deadLetterQueue.arn]: '<dead-letter queue ARN>',
    [called.deadLetterQueue.url]: '<dead-letter queue URL>',
    [called.sourceBucket.name]: '<source bucket>',
    [called.sourceBucket.arn]: '<source bucket ARN>',
    [called.destinationBucket]: '<destination bucket>',
    [called.scalerArn]: '<scaler ARN>',
  };
}

/** Where Terraform's argument and where the response of AWS has a field. */
type Places = Readonly<Record<string, readonly [terraform: string, aws: string]>>;

export const TASK: Places = {
  family: ['family', 'family'],
  cpu: ['cpu', 'cpu'],
  memory: ['memory', 'memory'],
  networkMode: ['network_mode', 'networkMode'],
  requiresCompatibilities: ['requires_compatibilities', 'requiresCompatibilities'],
  volumes: ['volume', 'volumes'],
  platform: ['runtime_platform', 'runtimePlatform'],
  taskRole: ['task_role_arn', 'taskRoleArn'],
  executionRole: ['execution_role_arn', 'executionRoleArn'],
  ephemeralStorage: ['ephemeral_storage', 'ephemeralStorage'],
};
export const FUNCTION: Places = {
  name: ['function_name', 'FunctionName'],
  runtime: ['runtime', 'Runtime'],
  handler: ['handler', 'Handler'],
  timeout: ['timeout', 'Timeout'],
  memory: ['memory_size', 'MemorySize'],
  architectures: ['architectures', 'Architectures'],
  environment: ['environment.variables', 'Environment.Variables'],
};
const RETRY = ['target.retry_policy', 'Target.RetryPolicy'] as const;
export const SCHEDULE: Places = {
  name: ['name', 'Name'],
  expression: ['schedule_expression', 'ScheduleExpression'],
  flexibleWindow: ['flexible_time_window.mode', 'FlexibleTimeWindow.Mode'],
  target: ['target.arn', 'Target.Arn'],
  input: ['target.input', 'Target.Input'],
  retries: [`${RETRY[0]}.maximum_retry_attempts`, `${RETRY[1]}.MaximumRetryAttempts`],
  eventAge: [`${RETRY[0]}.maximum_event_age_in_seconds`, `${RETRY[1]}.MaximumEventAgeInSeconds`],
};

/** Reads the fields where they are. */
export function fieldsAt(places: Places, side: 'terraform' | 'aws', from: object = {}): Fields {
  return Object.fromEntries(
    Object.entries(places).map(([name, [terraform, aws]]) => {
      const path = (side === 'terraform' ? terraform : aws).split('.');
      return [
        name,
        path.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], from),
      ];
    }),
  );
}
