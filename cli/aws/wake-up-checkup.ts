import type { WakeUpCheckup } from '../ports/wake-up-checkup';

/** The clients are loaded when a question is asked: only one command asks any. */
export function createWakeUpCheckup(options: object): WakeUpCheckup {
  return {
    rule: (name) => rule(options, name),
    rulesOf: (queueName) => rulesOf(options, queueName),
    mapping: (names) => mapping(options, names),
    mostRuns: (functionName) => mostRuns(options, functionName),
  };
}

const lastPart = (arn = '') => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);

async function rule(options: object, Name: string) {
  const { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } = await import(
    '@aws-sdk/client-eventbridge'
  );
  const client = new EventBridgeClient(options);
  const { State } = await client.send(new DescribeRuleCommand({ Name }));
  // A rule has five targets at most, one page:
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
  return { isEnabled: State !== 'DISABLED', targets: Targets.map(({ Arn }) => lastPart(Arn)) };
}

/** A statement of a queue's policy, as `contract/queues.ts` makes those of senders. */
interface Statement {
  readonly Effect?: string;
  readonly Principal?: { readonly Service?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

async function rulesOf(options: object, QueueName: string): Promise<readonly string[]> {
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import(
    '@aws-sdk/client-sqs'
  );
  const client = new SQSClient(options);
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
  );
  const { Statement: statements = [] } = JSON.parse(Attributes?.Policy ?? '{}');
  return [statements].flat().filter(letsEventsIn).flatMap(sourcesOf).map(lastPart);
}

function letsEventsIn({ Effect, Principal }: Statement): boolean {
  return Effect === 'Allow' && [Principal?.Service].flat().includes('events.amazonaws.com');
}

function sourcesOf({ Condition = {} }: Statement): readonly string[] {
  return Object.values(Condition).flatMap((keys) => keys['aws:SourceArn'] ?? []);
}

async function mapping(
  options: object,
  { queueName, functionName: FunctionName }: { queueName: string; functionName: string },
): Promise<string> {
  const { LambdaClient, paginateListEventSourceMappings } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(options);
  const pages = paginateListEventSourceMappings({ client }, { FunctionName });
  for await (const { EventSourceMappings = [] } of pages) {
    const found = EventSourceMappings.find(
      ({ EventSourceArn }) => lastPart(EventSourceArn) === queueName,
    );
    if (found) return found.State ?? 'unknown';
  }
  return 'Missing';
}

async function mostRuns(options: object, FunctionName: string): Promise<number> {
  const { GetFunctionConcurrencyCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const { ReservedConcurrentExecutions = Number.POSITIVE_INFINITY } = await new LambdaClient(
    options,
  ).send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return ReservedConcurrentExecutions;
}
