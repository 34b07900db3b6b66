import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import { type Answer, refuse } from '../../local/fargate/answer';
import type { PipelineDeclaration } from './definition';
import { type Front, startFront, targetOf } from './front';

const SERVICE = 'CodePipeline_20150709.';

/** Keeps pipelines, of which the emulator knows nothing. It runs none. */
export function startCodePipelineFront(emulatorEndpoint: string): Promise<Front> {
  const kept = new Map<string, Kept>();
  return startFront(emulatorEndpoint, async (request, send) => {
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
function answerTo(operation: string, input: Input, kept: Map<string, Kept>): Answer {
  const { pipeline, tags = [] } = input;
  const name = nameIn(input);
  const known = kept.get(name);
  if (operation === 'CreatePipeline' && pipeline) return keep(kept, { pipeline, version: 1, tags });
  if (!known)
    return refuse(
      'PipelineNotFoundException',
      `The account has no pipeline with the name '${name}'`,
    );
  switch (operation) {
    case 'GetPipeline':
      return answerWith({ ...told(known), metadata: { pipelineArn: arnOf(name) } });
    case 'UpdatePipeline':
      return keep(kept, {
        ...known,
        pipeline: pipeline ?? known.pipeline,
        version: known.version + 1,
      });
    case 'DeletePipeline':
      kept.delete(name);
      return answerWith({});
    case 'ListTagsForResource':
      return answerWith({ tags: known.tags });
    case 'TagResource':
      return keep(kept, {
        ...known,
        tags: [
          ...without(
            known.tags,
            tags.map(({ key }) => key),
          ),
          ...tags,
        ],
      });
    case 'UntagResource':
      return keep(kept, { ...known, tags: without(known.tags, input.tagKeys) });
    default:
      return refuse('UnknownOperationException', `Nobody has taught this front ${operation}.`);
  }
}

/** By name, or by the ARN that ends in it. */
function nameIn({ name, pipeline, resourceArn = '' }: Input): string {
  return pipeline?.name ?? name ?? resourceArn.slice(resourceArn.lastIndexOf(':') + 1);
}

function keep(kept: Map<string, Kept>, one: Kept): Answer {
  kept.set(one.pipeline.name, one);
  return answerWith({ ...told(one), tags: one.tags });
}

function told({ pipeline, version }: Kept) {
  return { pipeline: { ...pipeline, version } };
}

function without(tags: readonly Tag[], keys: readonly string[] = []): readonly Tag[] {
  return tags.filter(({ key }) => !keys.includes(key));
}

function arnOf(name: string): string {
  return `arn:aws:codepipeline:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:${name}`;
}

function answerWith(body: object): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
}
