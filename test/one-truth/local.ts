import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import type { Clients } from '../../local/aws/clients';
import type { Pipeline } from '../../local/ports';
import { byName } from './deployed';
import type { Fields } from './fields';

/** The same of a pipeline on an emulator, as the emulator tells it. */
export async function localFields(clients: Clients, pipeline: Pipeline): Promise<Fields> {
  return {
    work: await queue(clients, pipeline.queueUrl),
    deadLetters: await queue(clients, pipeline.deadLetterQueueUrl),
    notification: await notification(clients, pipeline),
    task: await task(clients, pipeline),
    parameters: await parameters(clients, pipeline),
    function: await scaler(clients, pipeline),
    schedule: await schedule(clients, pipeline),
  };
}

async function queue({ sqs }: Clients, QueueUrl: string): Promise<Fields> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { RedrivePolicy } = Attributes;
  return {
    visibilityTimeout: Number(Attributes.VisibilityTimeout),
    retention: Number(Attributes.MessageRetentionPeriod),
    ...(RedrivePolicy ? { maxReceiveCount: Number(JSON.parse(RedrivePolicy).maxReceiveCount) } : {}),
    managedEncryption: Attributes.SqsManagedSseEnabled === 'true',
  };
}

async function notification({ s3 }: Clients, { sourceBucket: Bucket }: Pipeline): Promise<unknown> {
  const { QueueConfigurations = [] } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  return QueueConfigurations.map(({ Events, Filter }) => ({
    events: Events,
    ...Object.fromEntries(
      (Filter?.Key?.FilterRules ?? []).map(({ Name = '', Value }) => [Name.toLowerCase(), Value]),
    ),
  }));
}

async function task({ ecs }: Clients, { taskFamily }: Pipeline): Promise<Fields> {
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: taskFamily }),
  );
  const container = taskDefinition?.containerDefinitions?.[0];
  return {
    cpu: taskDefinition?.cpu,
    memory: taskDefinition?.memory,
    networkMode: taskDefinition?.networkMode,
    requiresCompatibilities: taskDefinition?.requiresCompatibilities,
    volumes: taskDefinition?.volumes,
    cpuArchitecture: taskDefinition?.runtimePlatform?.cpuArchitecture,
    container: { ...container, environment: byName(container?.environment) },
  };
}

async function parameters({ ssm }: Clients, { parameterPath: Path }: Pipeline): Promise<Fields> {
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path }));
  return Object.fromEntries(Parameters.map(({ Name = '', Value }) => [Name.replace(Path, ''), Value]));
}

async function scaler({ lambda }: Clients, { scalerFunctionName }: Pipeline): Promise<Fields> {
  const configuration = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: scalerFunctionName }),
  );
  return {
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    timeout: configuration.Timeout,
    memory: configuration.MemorySize,
    architectures: configuration.Architectures,
    environment: configuration.Environment?.Variables,
  };
}

async function schedule({ scheduler }: Clients, { scalerFunctionName: Name }: Pipeline): Promise<Fields> {
  const found = await scheduler.send(new GetScheduleCommand({ Name }));
  return {
    expression: found.ScheduleExpression,
    flexibleWindow: found.FlexibleTimeWindow?.Mode,
    input: found.Target?.Input,
    retries: found.Target?.RetryPolicy?.MaximumRetryAttempts,
  };
}
