import type { LoopbackServer } from '../../local/ecs/aws-http';
import { type AwsResponse, errorResponse, jsonResponse } from '../../local/ecs/aws-http';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import { startProxy, targetOf } from '../fakes/proxy';
import type { PipelineDeclaration, PipelineDefinition } from './emulator-api';
import type { PipelineEnd } from './fake-codepipeline';

const SERVICE = 'CodePipeline_20150709.';
const unknown = (operation: string) =>
  errorResponse('UnknownOperationException', `This proxy does not know ${operation}.`);

/** Keeps pipelines, of which the emulator knows nothing. It runs none. */
export function startCodePipelineProxy(emulatorEndpoint: string): Promise<LoopbackServer> {
  const kept = new Map<string, Kept>();
  return startProxy(emulatorEndpoint, async (request, send) => {
    const target = targetOf(request);
    if (!target.startsWith(SERVICE)) return send(request);
    const input = JSON.parse(request.body.toString() || '{}') as Input;
    return answerTo(target.slice(SERVICE.length), input, kept);
  });
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

interface Input {
  readonly name?: string;
  readonly resourceArn?: string;
  readonly pipeline?: PipelineDeclaration;
  readonly tags?: readonly Tag[];
  readonly tagKeys?: readonly string[];
}

interface Kept {
  readonly pipeline: PipelineDeclaration;
  readonly version: number;
  readonly tags: readonly Tag[];
}

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Operations.html */
function answerTo(operation: string, input: Input, kept: Map<string, Kept>): AwsResponse {
  const { pipeline, tags = [], tagKeys = tags.map(({ key }) => key) } = input;
  const name = nameIn(input);
  const known = kept.get(name);
  const keep = (one: Kept) => {
    kept.set(one.pipeline.name, one);
    return jsonResponse({ ...shown(one), tags: one.tags });
  };
  if (operation === 'CreatePipeline' && pipeline) return keep({ pipeline, version: 1, tags });
  if (!known) {
    const message = `The account has no pipeline with the name '${name}'`;
    return errorResponse('PipelineNotFoundException', message);
  }
  switch (operation) {
    case 'GetPipeline':
      return jsonResponse({ ...shown(known), metadata: { pipelineArn: arnOf(name) } });
    case 'UpdatePipeline':
      return keep({ ...known, ...(pipeline && { pipeline }), version: known.version + 1 });
    case 'DeletePipeline':
      kept.delete(name);
      return jsonResponse({});
    case 'ListTagsForResource':
      return jsonResponse({ tags: known.tags });
    case 'TagResource':
    case 'UntagResource':
      return keep({
        ...known,
        tags: [...known.tags.filter(({ key }) => !tagKeys.includes(key)), ...tags],
      });
    default:
      return unknown(operation);
  }
}

/** By name, or by the ARN that ends in it. */
function nameIn({ name, pipeline, resourceArn = '' }: Input): string {
  return pipeline?.name ?? name ?? resourceArn.slice(resourceArn.lastIndexOf(':') + 1);
}

function shown({ pipeline, version }: Kept) {
  return { pipeline: { ...pipeline, version } };
}

function arnOf(name: string): string {
  return `arn:aws:codepipeline:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:${name}`;
}

export interface RunsProxy extends LoopbackServer {
  /** The end of the run. @throws what the run has thrown, and Error when no one asked for it. */
  end(): Promise<PipelineEnd>;
}

/**
 * Reports one run as CodePipeline does. The first question starts it, as EventBridge does for an
 * archive. @param start.sourceVersion returns the version of the archive that the run is about.
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html
 */
export async function startRunsProxy(
  emulatorEndpoint: string,
  { stages }: PipelineDefinition,
  start: {
    readonly sourceVersion: () => Promise<string>;
    readonly run: () => Promise<PipelineEnd>;
  },
): Promise<RunsProxy> {
  let version = '';
  let ended: PipelineEnd | undefined;
  let running: Promise<PipelineEnd> | undefined;
  const run = async () => {
    ended = await start.run();
    return ended;
  };
  const proxy = await startProxy(emulatorEndpoint, async (request, send) => {
    const target = targetOf(request);
    switch (target) {
      case `${SERVICE}ListPipelineExecutions`:
        version ||= await start.sourceVersion();
        running ??= run();
        return jsonResponse({ pipelineExecutionSummaries: [summaryOf(version, ended)] });
      case `${SERVICE}ListActionExecutions`:
        return jsonResponse({ actionExecutionDetails: ended ? detailsOf(stages, ended) : [] });
      default:
        return target.startsWith(SERVICE) ? unknown(target) : send(request);
    }
  });
  const end = () => running ?? Promise.reject(new Error('No one has asked for a run.'));
  return { ...proxy, end };
}

function summaryOf(version: string, ended: PipelineEnd | undefined) {
  const status = ended === undefined ? 'InProgress' : ended.succeeded ? 'Succeeded' : 'Failed';
  const sourceRevisions = [{ actionName: 'Source', revisionId: version }];
  return { pipelineExecutionId: 'run-1', status, sourceRevisions };
}

/** The newest first; an action that was not reached is left out. */
function detailsOf(stages: PipelineDefinition['stages'], { logs, stoppedAt = '' }: PipelineEnd) {
  const failed = stoppedAt.split(/[ ,]+/);
  const details = stages.flatMap(({ name: stageName, actions }) =>
    actions
      .filter(({ name }) => name in logs)
      .map(({ name: actionName }) => {
        const isFailed = failed.includes(actionName) && stoppedAt.startsWith(stageName);
        return { stageName, actionName, status: isFailed ? 'Failed' : 'Succeeded' };
      }),
  );
  return details.reverse();
}
