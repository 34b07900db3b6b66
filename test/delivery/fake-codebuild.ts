import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import { type BuildEnd, runBuild } from '../codebuild/run-build';
import { makeCommands } from './commands-folder';
import { askJson } from './emulator-api';

/** A CodeBuild project, as far as a build needs it. */
export interface Project {
  readonly name: string;
  readonly serviceRole: string;
  readonly source: { readonly type: string; readonly buildspec?: string };
  readonly environment: {
    /** `ARM_CONTAINER` or `LINUX_CONTAINER`. */
    readonly type: string;
    readonly environmentVariables?: readonly {
      readonly name: string;
      readonly value: string;
      readonly type?: string;
    }[];
  };
}

export interface ProjectSettings {
  /** Endpoint of the emulator. */
  readonly endpoint: string;
  /** Where machines keep their commands and images. */
  readonly folder: string;
  /** Credentials and endpoints of the role that a build has. */
  readonly credentialsOf: (project: Project) => Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** What starts one build. */
export interface BuildRequest {
  /** Absent for a project without a source. */
  readonly source?: { readonly folder: string; readonly revision: string };
  readonly initiator: string;
  /** Variables of the request, which win over the project's. */
  readonly variables: Readonly<Record<string, string>>;
}

export type RunProject = (name: string, request: BuildRequest) => Promise<BuildEnd>;

/** Runs builds of the projects that are at the emulator. */
export function projectRunner(settings: ProjectSettings): RunProject {
  const commands = new Map<string, Promise<string>>();
  const commandsOf = ({ environment }: Project) => {
    const { type } = environment;
    const architecture = type === 'ARM_CONTAINER' ? 'arm64' : 'x86_64';
    const made = commands.get(type) ?? makeCommands({ folder: settings.folder, architecture });
    commands.set(type, made);
    return made;
  };
  return async (name, request) => {
    const project = await readProject(settings.endpoint, name);
    // A machine of its own: what a build leaves in its temporary folder is gone with it.
    const own = await mkdtemp(join(tmpdir(), 'spillway-build-'));
    try {
      const sourceFolder = request.source?.folder ?? own;
      return await runBuild({
        buildspec: await buildspecOf(project, sourceFolder),
        sourceFolder,
        environment: { ...environmentOf(project, request, settings), TMPDIR: own },
        commands: await commandsOf(project),
        ...(settings.onLine && { onLine: settings.onLine }),
      });
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  };
}

export async function readProject(endpoint: string, name: string): Promise<Project> {
  const { projects } = await askJson<{ readonly projects: readonly Project[] }>(endpoint, {
    service: 'codebuild',
    target: 'CodeBuild_20161006.BatchGetProjects',
    input: { names: [name] },
  });
  const [project] = projects;
  if (!project) throw new Error(`There is no CodeBuild project ${name}.`);
  return project;
}

/** The project's own text, or the file of the source that it names. */
async function buildspecOf(
  { source: { type, buildspec } }: Project,
  folder: string,
): Promise<string> {
  if (buildspec && /^\{|\n/.test(buildspec)) return buildspec;
  if (type === 'NO_SOURCE')
    throw new Error('A project without a source needs a buildspec of its own.');
  return readFile(join(folder, buildspec || 'buildspec.yml'), 'utf8');
}

const BUILDS = `arn:aws:codebuild:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:build`;

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html */
function environmentOf(project: Project, request: BuildRequest, settings: ProjectSettings) {
  const { source, initiator, variables } = request;
  return {
    ...settings.credentialsOf(project),
    ...projectVariables(project),
    ...variables,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_REGION: LOCAL_REGION,
    CODEBUILD_BUILD_ARN: `${BUILDS}/${project.name}:0`,
    CODEBUILD_INITIATOR: initiator,
    ...(source && { CODEBUILD_RESOLVED_SOURCE_VERSION: source.revision }),
  };
}

function projectVariables({
  name: project,
  environment,
}: Project): Readonly<Record<string, string>> {
  const variables = environment.environmentVariables ?? [];
  return Object.fromEntries(
    variables.map(({ name, value, type = 'PLAINTEXT' }) => {
      if (type !== 'PLAINTEXT')
        throw new Error(`${project}: variables of type ${type} are not known here.`);
      return [name, value];
    }),
  );
}
