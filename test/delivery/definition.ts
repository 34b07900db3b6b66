import { askJson } from './aws-json';

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
