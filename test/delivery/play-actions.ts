import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { Action, PipelineDefinition } from './definition';
import {
  type ActionEnd,
  type Artifact,
  type PipelineEnd,
  type PlayAction,
  playPipeline,
} from './play-pipeline';
import type { PlayProject } from './play-project';

export interface ActionSettings {
  readonly s3: S3;
  readonly playProject: PlayProject;
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
    return await playPipeline(definition, actionsOf(definition, settings, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error for a provider that nobody has taught it. */
function actionsOf(
  definition: PipelineDefinition,
  settings: ActionSettings,
  folder: string,
): PlayAction {
  return (action, inputs) => {
    switch (action.actionTypeId.provider) {
      case 'S3':
        return takeSource(action, settings.s3, folder);
      case 'CodeBuild':
        return build(action, inputs, definition.name, settings);
      default:
        throw new Error(
          `${action.name} is of ${action.actionTypeId.provider}, which is not played.`,
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
  { playProject, overrides = {} }: ActionSettings,
): Promise<ActionEnd> {
  const given = JSON.parse(
    configuration.EnvironmentVariables ?? '[]',
  ) as readonly VariableSetting[];
  const variables = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const { succeeded, log, exported } = await playProject(configuration.ProjectName ?? '', {
    ...(source && { source }),
    initiator: `codepipeline/${pipeline}`,
    variables: { ...variables, ...overrides },
  });
  return { succeeded, log, variables: exported };
}
