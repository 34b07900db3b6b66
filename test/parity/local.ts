import { type Parameter, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { Pipeline } from '../../local/ports';
import type { AwsClients } from '../emulator/clients';
import {
  byName,
  type Fields,
  FUNCTION,
  fieldsAt,
  inRoles,
  rolesOf,
  SCHEDULE,
  statements,
  TASK,
} from './fields';

/** The same of a pipeline on an emulator, as the emulator tells it. */
export async function localFields(clients: AwsClients, pipeline: Pipeline): Promise<unknown> {
  const work = await attributesOf(clients, pipeline.queueUrl);
  const deadLetters = await attributesOf(clients, pipeline.deadLetterQueueUrl);
  const { scalerFunctionName: name } = pipeline;
  const scaler = await clients.lambda.getFunctionConfiguration({ FunctionName: name });
  const fields: Fields = {
    work: queue(work),
    deadLetters: queue(deadLetters),
    notification: await notification(clients, pipeline),
    task: await task(clients, pipeline),
    parameters: await parameters(clients, pipeline),
    function: fieldsAt(FUNCTION, 'aws', scaler),
    schedule: fieldsAt(SCHEDULE, 'aws', await clients.scheduler.getSchedule({ Name: name })),
  };
  const [, blueprint = '', environment = '', id = ''] = pipeline.parameterPath.split('/');
  return inRoles(
    fields,
    rolesOf({
      id: { blueprint, environment, pipeline: id },
      cluster: pipeline.cluster,
      workQueue: { arn: `${work.QueueArn}`, url: pipeline.queueUrl },
      deadLetterQueue: { arn: `${deadLetters.QueueArn}`, url: pipeline.deadLetterQueueUrl },
      sourceBucket: { arn: `arn:aws:s3:::${pipeline.sourceBucket}`, name: pipeline.sourceBucket },
      destinationBucket: pipeline.destinationBucket,
      scalerArn: `${scaler.FunctionArn}`,
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
    ...fieldsAt(TASK, 'aws', taskDefinition),
    container: { ...container, environment: byName(container?.environment) },
    furtherContainers: more,
  };
}

async function parameters({ ssm }: AwsClients, { parameterPath: Path }: Pipeline): Promise<Fields> {
  const found: Parameter[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path }))
    found.push(...Parameters);
  return Object.fromEntries(
    found.map(({ Name = '', Type, Value }) => [
      Name.replace(Path, ''),
      { type: Type, value: Value },
    ]),
  );
}
