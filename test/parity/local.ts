import type { Pipeline } from '../../local/ports';
import type { AwsClients } from '../emulator/clients';
import { byName, type Fields, inRoles, rolesOf, statements } from './fields';

/** The same of a pipeline on an emulator, as the emulator tells it. */
export async function localFields(clients: AwsClients, pipeline: Pipeline): Promise<unknown> {
  const work = await attributesOf(clients, pipeline.queueUrl);
  const deadLetters = await attributesOf(clients, pipeline.deadLetterQueueUrl);
  const { arn, ...fn } = await scaler(clients, pipeline);
  const fields: Fields = {
    work: queue(work),
    deadLetters: queue(deadLetters),
    notification: await notification(clients, pipeline),
    task: await task(clients, pipeline),
    parameters: await parameters(clients, pipeline),
    function: fn,
    schedule: await schedule(clients, pipeline),
  };
  const [, blueprint = '', environment = '', name = ''] = pipeline.parameterPath.split('/');
  return inRoles(
    fields,
    rolesOf({
      id: { blueprint, environment, pipeline: name },
      cluster: pipeline.cluster,
      workQueue: { arn: `${work.QueueArn}`, url: pipeline.queueUrl },
      deadLetterQueue: { arn: `${deadLetters.QueueArn}`, url: pipeline.deadLetterQueueUrl },
      sourceBucket: { arn: `arn:aws:s3:::${pipeline.sourceBucket}`, name: pipeline.sourceBucket },
      destinationBucket: pipeline.destinationBucket,
      scalerArn: `${arn}`,
    }),
  );
}

type QueueAttributes = Readonly<Partial<Record<string, string>>>;

async function attributesOf({ sqs }: AwsClients, QueueUrl: string): Promise<QueueAttributes> {
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
  return Attributes;
}

function queue(attributes: QueueAttributes): Fields {
  const { RedrivePolicy, RedriveAllowPolicy } = attributes;
  const redrive = RedrivePolicy ? JSON.parse(RedrivePolicy) : undefined;
  return {
    name: attributes.QueueArn?.split(':').at(-1),
    visibilityTimeout: Number(attributes.VisibilityTimeout),
    retention: Number(attributes.MessageRetentionPeriod),
    delay: Number(attributes.DelaySeconds),
    // SQS tells the count as a number or as a text, as it was given.
    ...(redrive
      ? { redrive: { ...redrive, maxReceiveCount: Number(redrive.maxReceiveCount) } }
      : {}),
    ...(RedriveAllowPolicy ? { redriveAllow: JSON.parse(RedriveAllowPolicy) } : {}),
    managedEncryption: attributes.SqsManagedSseEnabled === 'true',
    policy: statements(attributes.Policy),
  };
}

async function notification(
  { s3 }: AwsClients,
  { sourceBucket: Bucket }: Pipeline,
): Promise<unknown> {
  const { QueueConfigurations = [] } = await s3.getBucketNotificationConfiguration({ Bucket });
  return QueueConfigurations.map(({ Id, QueueArn, Events, Filter }) => ({
    id: Id,
    queue: QueueArn,
    events: Events,
    ...Object.fromEntries(
      (Filter?.Key?.FilterRules ?? []).map(({ Name = '', Value }) => [Name.toLowerCase(), Value]),
    ),
  }));
}

async function task({ ecs }: AwsClients, { taskFamily }: Pipeline): Promise<Fields> {
  const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: taskFamily });
  const [container, ...more] = taskDefinition?.containerDefinitions ?? [];
  return {
    family: taskDefinition?.family,
    cpu: taskDefinition?.cpu,
    memory: taskDefinition?.memory,
    networkMode: taskDefinition?.networkMode,
    requiresCompatibilities: taskDefinition?.requiresCompatibilities,
    volumes: taskDefinition?.volumes,
    platform: taskDefinition?.runtimePlatform,
    taskRole: taskDefinition?.taskRoleArn,
    executionRole: taskDefinition?.executionRoleArn,
    ephemeralStorage: taskDefinition?.ephemeralStorage,
    container: { ...container, environment: byName(container?.environment) },
    furtherContainers: more,
  };
}

async function parameters({ ssm }: AwsClients, { parameterPath: Path }: Pipeline): Promise<Fields> {
  const { Parameters = [] } = await ssm.getParametersByPath({ Path });
  return Object.fromEntries(
    Parameters.map(({ Name = '', Type, Value }) => [
      Name.replace(Path, ''),
      { type: Type, value: Value },
    ]),
  );
}

async function scaler({ lambda }: AwsClients, { scalerFunctionName }: Pipeline): Promise<Fields> {
  const configuration = await lambda.getFunctionConfiguration({ FunctionName: scalerFunctionName });
  return {
    arn: configuration.FunctionArn,
    name: configuration.FunctionName,
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    timeout: configuration.Timeout,
    memory: configuration.MemorySize,
    architectures: configuration.Architectures,
    environment: configuration.Environment?.Variables,
  };
}

async function schedule(
  { scheduler }: AwsClients,
  { scalerFunctionName: Name }: Pipeline,
): Promise<Fields> {
  const found = await scheduler.getSchedule({ Name });
  const retry = found.Target?.RetryPolicy;
  return {
    name: found.Name,
    expression: found.ScheduleExpression,
    flexibleWindow: found.FlexibleTimeWindow?.Mode,
    target: found.Target?.Arn,
    input: found.Target?.Input,
    retries: retry?.MaximumRetryAttempts,
    eventAge: retry?.MaximumEventAgeInSeconds,
  };
}
