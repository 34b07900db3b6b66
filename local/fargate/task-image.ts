import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DEFAULT_WORKLOAD, hasDockerfile } from '../../application-code/workloads';
import { LocalModeError } from '../../folder/errors';
import { printable } from '../../text/printable';
import type { Variables } from '../environment';
import { checkWorkload, selfTestFault } from './check-workload';
import { taskVariables, workerOf } from './container';
import type { WantedTask } from './ecs-tasks';

/** The image of a workload on this machine, in which its tasks run. */
export interface TaskImage {
  /** How a task is started and killed in it. */
  launch(task: WantedTask, endpoint: string): TaskLaunch;
}

export interface TaskLaunch {
  readonly command: readonly [program: string, ...words: string[]];
  readonly environment: Variables;
  /** Ends the task at once, since it is no child of its command. */
  readonly kill: () => void;
}

export interface TaskImagePorts {
  readonly print: (text: string) => void;
  /** The variables of this process; they say where Docker is. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}

const ROOT = join(__dirname, '..', '..');
/** Both take the same words: https://docs.podman.io/en/latest/Introduction.html */
const ENGINES = ['docker', 'podman'] as const;
type Engine = (typeof ENGINES)[number];

/** By which a container of Docker Desktop or of a Podman machine reaches the host. */
const HOST: Readonly<Record<Engine, string>> = {
  docker: 'host.docker.internal',
  podman: 'host.containers.internal',
};

/**
 * Tries the workload where its tasks will run.
 * @returns its image, if they run there.
 * @throws LocalModeError where it cannot run.
 */
export async function triedWorkload(
  { workload, container }: { readonly workload: string; readonly container: boolean },
  print: (text: string) => void,
): Promise<TaskImage | undefined> {
  if (container) return openTaskImage(workload, { print });
  // The tests of this checkout try the default one.
  if (workload !== DEFAULT_WORKLOAD) await checkWorkload(workload, workerOf(workload));
  return undefined;
}

/**
 * Builds the image of a workload and tries its self-test in it.
 * @throws LocalModeError without a Dockerfile, without Docker or Podman, or with what failed.
 */
export async function openTaskImage(workload: string, ports: TaskImagePorts): Promise<TaskImage> {
  const { print, environment = process.env, platform = process.platform } = ports;
  const file = `application-code/${workload}/Dockerfile`;
  if (!hasDockerfile(workload))
    throw new LocalModeError(
      `--container needs ${file}, which does not exist: copy application-code/command/Dockerfile ` +
        'there and write the name of the workload into it, or leave --container out.',
    );
  const run = runner(environment);
  const engine = await findEngine(run);
  const image = `spillway-local/${workload}`;
  print(`Building the image of ${workload} …`);
  const built = await run(engine, ['build', '--file', file, '--tag', image, '.']);
  if (built.code !== 0)
    throw new LocalModeError(
      `The image of ${workload} cannot be built; fix ${file}. ${engine} said:\n${tail(built)}`,
    );
  const confined = ['--rm', '--read-only', '--cap-drop', 'ALL'];
  const alone = ['--network', 'none', '--tmpfs', '/scratch'];
  const tried = await run(engine, ['run', ...confined, ...alone, image, '--self-test']);
  if (tried.code !== 0)
    throw new LocalModeError(
      `The workload ${workload} cannot run in its image: ` +
        `${selfTestFault(tried.stdout, tried.stderr)}. Fix ${file}.`,
    );
  return {
    launch: (task, endpoint) =>
      launch({ engine, image, confined, platform, environment }, task, endpoint),
  };
}

interface Containers {
  readonly engine: Engine;
  readonly image: string;
  readonly confined: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** As Fargate runs a task, with the memory that it has there. */
function launch(containers: Containers, task: WantedTask, endpoint: string): TaskLaunch {
  const { engine, image, confined, platform, environment } = containers;
  const name = `spillway-${process.pid}-${task.taskArn.slice(task.taskArn.lastIndexOf('/') + 1)}`;
  const isLinux = platform === 'linux';
  const variables = Object.entries({ ...taskVariables(task, endpoint), TMPDIR: '/scratch' }).map(
    ([variable, value]) =>
      // Only Linux shares its loopback address with a container.
      [variable, isLinux ? value : value.replaceAll('127.0.0.1', HOST[engine])] as const,
  );
  // By name alone, since anyone may read the words of a process; but what Docker itself may read
  // stays as it is there.
  const isForeign = (variable: string) =>
    !(variable in environment) && !/^(DOCKER|CONTAINER|BUILDAH|XDG)_/.test(variable);
  const own = Object.entries(environment).flatMap(([variable, value]) =>
    value === undefined ? [] : [[variable, value] as const],
  );
  return {
    command: [
      ...[engine, 'run', '--init', '--name', name, ...confined],
      ...(isLinux ? ['--network', 'host'] : []),
      ...(task.memoryMiB ? ['--memory', `${task.memoryMiB}m`] : []),
      ...variables.flatMap(([variable, value]) => [
        ...['--env', isForeign(variable) ? variable : `${variable}=${value}`],
      ]),
      image,
      ...(task.command ?? []),
    ] as unknown as TaskLaunch['command'],
    environment: Object.fromEntries([
      ...own,
      ...variables.filter(([variable]) => isForeign(variable)),
    ]),
    kill: () => void runner(environment)(engine, ['kill', name]),
  };
}

interface Ended {
  /** Absent: there is no such program. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

type Run = (engine: Engine, words: readonly string[]) => Promise<Ended>;

function runner(environment: Readonly<Record<string, string | undefined>>): Run {
  return (engine, words) =>
    new Promise((resolve) => {
      const options = { cwd: ROOT, env: environment, maxBuffer: 64 * 1024 * 1024 };
      execFile(engine, [...words], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : undefined) : 0;
        resolve({ code, stdout, stderr });
      });
    });
}

async function findEngine(run: Run): Promise<Engine> {
  const answers: string[] = [];
  for (const engine of ENGINES) {
    const answer = await run(engine, ['info']);
    if (answer.code === 0) return engine;
    answers.push(
      answer.code === undefined ? `${engine} is not here` : `${engine} says "${lastLine(answer)}"`,
    );
  }
  throw new LocalModeError(
    `--container needs Docker or Podman, but ${answers.join(' and ')}: start one of them, or ` +
      'leave --container out.',
  );
}

const linesOf = ({ stdout, stderr }: Ended) =>
  `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
const lastLine = (ended: Ended) => printable(linesOf(ended).at(-1) ?? 'nothing');
const tail = (ended: Ended) => linesOf(ended).slice(-15).map(printable).join('\n');
