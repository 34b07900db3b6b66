import type { Action, PipelineDefinition } from './definition';

export type Variables = Readonly<Record<string, string>>;

/** What an action has made. */
export interface ActionEnd {
  readonly succeeded: boolean;
  /** All that its build printed; empty where nothing prints. */
  readonly log: string;
  /** Known to later actions under the action's namespace. */
  readonly variables: Variables;
  /** Folder of the action's output artifact. */
  readonly output?: string;
  /** Revision of the output artifact, which a build is told. */
  readonly revision?: string;
}

export interface PipelineEnd {
  readonly succeeded: boolean;
  /** Stage and action at which it stopped, such as `Deploy Canary`. */
  readonly stoppedAt?: string;
  /** Logs by the action's name; an action that was not reached has none. */
  readonly logs: Readonly<Record<string, string>>;
}

export interface Artifact {
  readonly folder: string;
  readonly revision: string;
}

/** Plays an action with its configuration resolved and its input artifacts unpacked. */
export type PlayAction = (action: Action, inputs: readonly Artifact[]) => Promise<ActionEnd>;

/**
 * Plays CodePipeline: stage after stage, and in a stage by run order; actions of the same order
 * would run side by side, here they take turns. The first stage with an action that fails is the
 * last.
 */
export async function playPipeline(
  definition: PipelineDefinition,
  play: PlayAction,
): Promise<PipelineEnd> {
  const artifacts = new Map<string, Artifact>();
  const namespaces = new Map<string, Variables>();
  const logs: Record<string, string> = {};
  for (const stage of definition.stages) {
    const failed: string[] = [];
    for (const action of [...stage.actions].sort((a, b) => runOrderOf(a) - runOrderOf(b))) {
      const resolved = { ...action, configuration: resolveAll(action, namespaces) };
      const end = await play(
        resolved,
        (action.inputArtifacts ?? []).map(({ name }) => artifactOf(artifacts, name)),
      );
      logs[action.name] = end.log;
      if (!end.succeeded) failed.push(action.name);
      if (action.namespace) namespaces.set(action.namespace, end.variables);
      keepOutput(action, end, artifacts);
    }
    if (failed.length > 0)
      return { succeeded: false, stoppedAt: `${stage.name} ${failed.join(', ')}`, logs };
  }
  return { succeeded: true, logs };
}

function runOrderOf({ runOrder = 1 }: Action): number {
  return runOrder;
}

function keepOutput(
  { outputArtifacts = [] }: Action,
  end: ActionEnd,
  artifacts: Map<string, Artifact>,
): void {
  const [artifact] = outputArtifacts;
  if (artifact && end.output)
    artifacts.set(artifact.name, { folder: end.output, revision: end.revision ?? '' });
}

function artifactOf(artifacts: ReadonlyMap<string, Artifact>, name: string): Artifact {
  const artifact = artifacts.get(name);
  if (!artifact) throw new Error(`No action before this one has made the artifact ${name}.`);
  return artifact;
}

const REFERENCE = /#\{([^.}]+)\.([^}]+)\}/g;

/** @throws Error for a variable that no earlier action has made, as CodePipeline fails. */
function resolveAll(action: Action, namespaces: ReadonlyMap<string, Variables>): Variables {
  const resolve = (text: string) =>
    text.replace(REFERENCE, (reference, namespace: string, name: string) => {
      const value = namespaces.get(namespace)?.[name];
      if (value === undefined)
        throw new Error(`${action.name} asks for ${reference}, which no action has made.`);
      return value;
    });
  return Object.fromEntries(
    Object.entries(action.configuration ?? {}).map(([name, text]) => [name, resolve(text)]),
  );
}
