import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { Action, PipelineDefinition } from './emulator-api';
import type { RunProject } from './fake-codebuild';

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

/** Runs an action with its configuration resolved and its input artifacts unpacked. */
export type RunAction = (action: Action, inputs: readonly Artifact[]) => Promise<ActionEnd>;

/**
 * Plays CodePipeline: stage after stage, and in a stage by run order; actions of the same order
 * would run side by side, here they take turns. The first stage with an action that fails is the
 * last.
 */
export async function runStages(
  definition: PipelineDefinition,
  run: RunAction,
): Promise<PipelineEnd> {
  const artifacts = new Map<string, Artifact>();
  const namespaces = new Map<string, Variables>();
  const logs: Record<string, string> = {};
  for (const stage of definition.stages) {
    const failed: string[] = [];
    for (const action of [...stage.actions].sort((a, b) => runOrderOf(a) - runOrderOf(b))) {
      const resolved = { ...action, configuration: resolveAll(action, namespaces) };
      const end = await run(
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

export interface ActionSettings {
  readonly s3: S3;
  readonly runProject: RunProject;
  /** Variables that win over those of an action, by the name of its project. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Runs a pipeline once, from what its source holds now. */
export async function runPipeline(
  definition: PipelineDefinition,
  settings: ActionSettings,
): Promise<PipelineEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-pipeline-'));
  try {
    return await runStages(definition, actionsOf(definition, settings, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error for an unknown provider. */
function actionsOf(
  definition: PipelineDefinition,
  settings: ActionSettings,
  folder: string,
): RunAction {
  return (action, inputs) => {
    switch (action.actionTypeId.provider) {
      case 'S3':
        return takeSource(action, settings.s3, folder);
      case 'CodeBuild':
        return build(action, inputs, definition.name, settings);
      default:
        throw new Error(
          `${action.name} is of ${action.actionTypeId.provider}, which is not known here.`,
        );
    }
  };
}

/**
 * The archive's newest version.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
 */
async function takeSource(
  { configuration = {} }: Action,
  s3: S3,
  folder: string,
): Promise<ActionEnd> {
  const { S3Bucket: Bucket = '', S3ObjectKey: Key = '' } = configuration;
  const { Body, VersionId, ETag = '' } = await s3.getObject({ Bucket, Key });
  if (!VersionId)
    throw new Error(`The bucket ${Bucket} keeps no versions, which a source action needs.`);
  const output = join(folder, 'source');
  await unpack((await Body?.transformToByteArray()) ?? new Uint8Array(), output);
  const variables = { BucketName: Bucket, ObjectKey: Key, VersionId, ETag };
  return { succeeded: true, log: '', variables, output, revision: VersionId };
}

async function unpack(archive: Uint8Array, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(unzipSync(archive))) {
    if (path.endsWith('/')) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

interface VariableSetting {
  readonly name: string;
  readonly value: string;
}

async function build(
  { configuration = {} }: Action,
  [source]: readonly Artifact[],
  pipeline: string,
  { runProject, overrides = {} }: ActionSettings,
): Promise<ActionEnd> {
  const given = JSON.parse(
    configuration.EnvironmentVariables ?? '[]',
  ) as readonly VariableSetting[];
  const variables = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const { succeeded, log, exported } = await runProject(configuration.ProjectName ?? '', {
    ...(source && { source }),
    initiator: `codepipeline/${pipeline}`,
    variables: { ...variables, ...overrides },
  });
  return { succeeded, log, variables: exported };
}
