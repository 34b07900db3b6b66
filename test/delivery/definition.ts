/** A pipeline in CodePipeline's words, as Terraform's state tells it. */
export interface PipelineDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
}

export interface Action {
  readonly name: string;
  /** Such as `CodeBuild` or `S3`. */
  readonly provider: string;
  readonly runOrder: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly string[];
  readonly outputArtifacts: readonly string[];
  /** Under which the action's variables are known to later ones. */
  readonly namespace?: string;
}

interface ShownState {
  readonly values?: { readonly root_module: { readonly resources?: readonly ShownResource[] } };
}

interface ShownResource {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface ShownAction {
  readonly name: string;
  readonly provider: string;
  readonly run_order: number | null;
  readonly configuration: Readonly<Record<string, string>> | null;
  readonly input_artifacts: readonly string[] | null;
  readonly output_artifacts: readonly string[] | null;
  readonly namespace: string | null;
}

/**
 * Reads the one pipeline of a stack.
 * @param shown what `terraform show -json` says.
 * @throws Error when there is none, or several.
 */
export function readDefinition(shown: string): PipelineDefinition {
  const resources = (JSON.parse(shown) as ShownState).values?.root_module.resources ?? [];
  const pipelines = resources.filter(({ type }) => type === 'aws_codepipeline');
  const [pipeline] = pipelines;
  if (!pipeline || pipelines.length > 1) {
    throw new Error(`A stack of a delivery has one pipeline, but ${pipelines.length} were found.`);
  }
  const { name, arn, role_arn, stage } = pipeline.values;
  return {
    name: String(name),
    arn: String(arn),
    roleArn: String(role_arn),
    stages: (stage as readonly { name: string; action: readonly ShownAction[] }[]).map((shownStage) => ({
      name: shownStage.name,
      actions: shownStage.action.map(readAction),
    })),
  };
}

function readAction(shown: ShownAction): Action {
  return {
    name: shown.name,
    provider: shown.provider,
    runOrder: Number(shown.run_order ?? 1),
    configuration: shown.configuration ?? {},
    inputArtifacts: shown.input_artifacts ?? [],
    outputArtifacts: shown.output_artifacts ?? [],
    ...(shown.namespace && { namespace: shown.namespace }),
  };
}
