import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import type { LogStream } from '../../local/fargate/ecs-tasks';

/** An operation of a service that speaks JSON, such as `AWSEvents.ListRules` of `events`. */
interface Operation {
  readonly service: string;
  readonly target: string;
  readonly input: object;
}

/** Asks the emulator what no SDK client at hand asks. @throws Error with a failed answer. */
export async function askJson<T>(
  endpoint: string,
  { service, target, input }: Operation,
): Promise<T> {
  const scope = `${LOCAL_ACCOUNT_ID}/20260101/${LOCAL_REGION}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target} was answered with ${response.status}: ${text}`);
  return JSON.parse(text || '{}') as T;
}

/** A pipeline as CodePipeline takes it and tells it; only what is read here is named. */
export interface PipelineDeclaration {
  readonly name: string;
  readonly roleArn: string;
  readonly pipelineType?: string;
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
}

export interface Action {
  readonly name: string;
  /** `provider` is such as `CodeBuild` or `S3`. */
  readonly actionTypeId: { readonly provider: string };
  /** Default 1. */
  readonly runOrder?: number;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly inputArtifacts?: readonly ArtifactName[];
  readonly outputArtifacts?: readonly ArtifactName[];
  /** Under which the action's variables are known to later ones. */
  readonly namespace?: string;
}

interface ArtifactName {
  readonly name: string;
}

export interface PipelineDefinition extends PipelineDeclaration {
  readonly arn: string;
}

/** @throws Error when there is no such pipeline. */
export async function readDefinition(endpoint: string, name: string): Promise<PipelineDefinition> {
  const { pipeline, metadata } = await askJson<{
    readonly pipeline: PipelineDeclaration;
    readonly metadata: { readonly pipelineArn: string };
  }>(endpoint, {
    service: 'codepipeline',
    target: 'CodePipeline_20150709.GetPipeline',
    input: { name },
  });
  return { ...pipeline, arn: metadata.pipelineArn };
}

/** What happened, as EventBridge hears it. */
export interface EventHappened {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface EventRule {
  readonly Name: string;
  readonly EventPattern?: string;
  readonly State: string;
}

/** What a rule starts, and as whom. */
export interface EventTarget {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** What the rules at the emulator would start for an event, which it does not do itself. */
export async function startedBy(
  endpoint: string,
  happened: EventHappened,
): Promise<readonly EventTarget[]> {
  const { Rules } = await ask<{ readonly Rules: readonly EventRule[] }>(endpoint, 'ListRules', {});
  const event = JSON.stringify({
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    account: LOCAL_ACCOUNT_ID,
    region: LOCAL_REGION,
    time: '2026-01-01T00:00:00Z',
    resources: [],
    ...happened,
  });
  const targets = await Promise.all(
    Rules.map(async ({ Name, EventPattern, State }) => {
      if (!EventPattern || State !== 'ENABLED') return [];
      return (await matches(endpoint, EventPattern, event)) ? targetsOf(endpoint, Name) : [];
    }),
  );
  return targets.flat();
}

async function matches(endpoint: string, EventPattern: string, Event: string): Promise<boolean> {
  const input = { EventPattern, Event };
  return (await ask<{ readonly Result: boolean }>(endpoint, 'TestEventPattern', input)).Result;
}

async function targetsOf(endpoint: string, Rule: string): Promise<readonly EventTarget[]> {
  const input = { Rule };
  const answer = await ask<{ readonly Targets: readonly EventTarget[] }>(
    endpoint,
    'ListTargetsByRule',
    input,
  );
  return answer.Targets;
}

function ask<T>(endpoint: string, operation: string, input: object): Promise<T> {
  return askJson<T>(endpoint, { service: 'events', target: `AWSEvents.${operation}`, input });
}

/** Writes a task's last lines where the awslogs driver would. */
export function logWriter(endpoint: string) {
  const ask = (operation: string, input: object) =>
    askJson<object>(endpoint, { service: 'logs', target: `Logs_20140328.${operation}`, input });
  return async (
    { group: logGroupName, stream: logStreamName }: LogStream,
    lines: readonly string[],
  ) => {
    const stream = { logGroupName, logStreamName };
    await ask('CreateLogStream', stream);
    const timestamp = Date.now();
    const logEvents = lines.map((message) => ({ timestamp, message }));
    if (logEvents.length > 0) await ask('PutLogEvents', { ...stream, logEvents });
  };
}
