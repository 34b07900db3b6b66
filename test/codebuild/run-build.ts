import { delimiter } from 'node:path';
import { BuildShell } from './build-shell';
import { type Buildspec, PHASES, type Phase, type PhaseName, parseBuildspec } from './buildspec';

export interface BuildOptions {
  /** Text of a buildspec, version 0.2. */
  readonly buildspec: string;
  /** Where the source lies; becomes CODEBUILD_SRC_DIR and is where the first command starts. */
  readonly sourceFolder: string;
  /**
   * Variables of the project and of CodeBuild itself; they win over those of the buildspec. Nothing
   * but PATH and HOME comes from this process.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder whose commands come first, such as a `docker` that is another builder. */
  readonly commands: string;
  readonly onLine?: (line: string) => void;
}

export interface BuildEnd {
  readonly succeeded: boolean;
  /** The first command that failed. */
  readonly failure?: {
    readonly phase: PhaseName;
    readonly command: string;
    readonly exitCode: number;
  };
  /** All output, with the lines by which CodeBuild says what it runs. */
  readonly log: string;
  /** Values of `env.exported-variables` that the build has exported. */
  readonly exported: Readonly<Record<string, string>>;
}

/**
 * Plays CodeBuild: the phases in order, in one shell, to the first command that fails. As
 * https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html has it, a
 * failed `install` or `pre_build` ends the build, and `post_build` runs after a failed `build` too,
 * which CODEBUILD_BUILD_SUCCEEDING tells it.
 * @throws Error when the buildspec is not one, or asks for a Node that is not there.
 */
export async function runBuild(options: BuildOptions): Promise<BuildEnd> {
  const buildspec = parseBuildspec(options.buildspec);
  const log: string[] = [];
  const onLine = (line: string) => {
    log.push(line);
    options.onLine?.(line);
  };
  const environment = environmentOf(buildspec, options);
  const shell = await BuildShell.open({ folder: options.sourceFolder, environment, onLine });
  try {
    await checkNode(buildspec, shell);
    const failure = await runPhases(buildspec, shell, onLine);
    const exported = await exportedOf(buildspec, shell);
    return { succeeded: !failure, ...(failure && { failure }), log: log.join('\n'), exported };
  } finally {
    await shell.close();
  }
}

/** A project's variables win over those of its buildspec, as in CodeBuild. */
function environmentOf({ variables }: Buildspec, options: BuildOptions): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    HOME,
    CODEBUILD_BUILD_ID: 'rehearsal:00000000-0000-4000-8000-000000000000',
    CODEBUILD_CI: 'true',
    ...variables,
    ...options.environment,
    PATH: [options.commands, PATH].join(delimiter),
    CODEBUILD_SRC_DIR: options.sourceFolder,
  };
}

/** CodeBuild would install the version; here the one of this machine stands in. */
async function checkNode({ node }: Buildspec, shell: BuildShell): Promise<void> {
  if (node === undefined || (await shell.run('node --version >/dev/null')) === 0) return;
  throw new Error(
    `The buildspec asks for Node ${node}, but there is no node on this machine's PATH.`,
  );
}

async function runPhases(
  { phases }: Buildspec,
  shell: BuildShell,
  onLine: (line: string) => void,
): Promise<BuildEnd['failure']> {
  let failure: BuildEnd['failure'];
  for (const name of PHASES) {
    const phase = phases[name];
    if (!phase) continue;
    onLine(`[Container] Entering phase ${name.toUpperCase()}`);
    const failed = await runPhase(phase, shell, { onLine, succeeding: !failure });
    onLine(
      `[Container] Phase complete: ${name.toUpperCase()} State: ${failed ? 'FAILED' : 'SUCCEEDED'}`,
    );
    failure ??= failed && { phase: name, ...failed };
    if (failed && name !== 'build') break;
  }
  return failure;
}

type Failed = { readonly command: string; readonly exitCode: number };
interface Course {
  readonly onLine: (line: string) => void;
  readonly succeeding: boolean;
}

/** The commands to the first failure, then those of `finally`, whatever happened before. */
async function runPhase(
  phase: Phase,
  shell: BuildShell,
  course: Course,
): Promise<Failed | undefined> {
  const failed = await runCommands(phase.commands, shell, course);
  const failedFinally = await runCommands(phase.finally, shell, {
    ...course,
    succeeding: course.succeeding && !failed,
  });
  return failed ?? failedFinally;
}

async function runCommands(
  commands: readonly string[],
  shell: BuildShell,
  { onLine, succeeding }: Course,
): Promise<Failed | undefined> {
  for (const command of commands) {
    onLine(`[Container] Running command ${command}`);
    const exitCode = await shell.run(command, {
      CODEBUILD_BUILD_SUCCEEDING: succeeding ? '1' : '0',
    });
    if (exitCode === 0) continue;
    onLine(
      `[Container] Error while executing command: ${command}. Reason: exit status ${exitCode}`,
    );
    return { command, exitCode };
  }
  return undefined;
}

async function exportedOf({ exportedVariables }: Buildspec, shell: BuildShell) {
  const left = await shell.exported();
  return Object.fromEntries(
    exportedVariables.flatMap((name) => {
      const value = left[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
