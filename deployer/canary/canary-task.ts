import { pause } from '../../application-code/worker/src/clock';
import type { CanaryLaunch, CanaryTask, DeployPorts } from '../ports';
import { orWarn } from '../report';

export interface Limits {
  /** From the launch to the task's own end. */
  readonly timeoutSeconds: number;
}

/** How a canary's task ended, or why it did not. */
export type TaskEnd =
  | { readonly kind: 'ended'; readonly taskArn: string; readonly task: CanaryTask }
  | { readonly kind: 'late'; readonly taskArn: string }
  /** No fault of the image. */
  | { readonly kind: 'not-launched'; readonly because: string };

type TaskPorts = Pick<DeployPorts, 'tasks' | 'clock' | 'say' | 'signal'>;

/**
 * Seconds between launches after a refusal that may pass: a lack of room, a limit, a fault of the
 * service.
 */
const LAUNCH_PAUSES_SECONDS = [5, 10, 20, 40];
/**
 * Looks come quickly at first and slow down, since ECS takes a second on one machine and half a
 * minute on Fargate.
 */
const FIRST_LOOK_MILLISECONDS = 250;
const SLOWEST_LOOK_MILLISECONDS = 5_000;
const SLOWER_BY = 1.5;

/**
 * Runs one task until it ends by itself, and launches it again when ECS had no room for it. A task
 * that is late is stopped; so is one that still runs when the deploy is stopped.
 */
export async function runTask(
  ports: TaskPorts,
  launch: CanaryLaunch,
  limits: Limits,
): Promise<TaskEnd> {
  let because = '';
  for (const [attempt, seconds] of [0, ...LAUNCH_PAUSES_SECONDS].entries()) {
    await pause(ports.clock, seconds * 1000, ports.signal);
    ports.signal.throwIfAborted();
    const launched = await ports.tasks.launch({
      ...launch,
      clientToken: `${launch.clientToken}-${attempt}`,
    });
    if (launched.kind === 'accepted') {
      const end = await watch(ports, launch.cluster, launched.taskArn, limits);
      if (end.kind !== 'ended' || !lackedRoom(end.task)) return end;
      because = end.task.stoppedReason ?? 'no capacity';
    } else {
      because = launched.because;
      if (launched.isLasting) break;
    }
    ports.say(`${launch.pipeline}: ECS did not start the canary (${because})`);
  }
  return { kind: 'not-launched', because };
}

async function watch(
  ports: TaskPorts,
  cluster: string,
  taskArn: string,
  limits: Limits,
): Promise<TaskEnd> {
  const stop = (reason: string) =>
    orWarn(ports, `stopping the canary's task ${taskArn}`, () =>
      ports.tasks.stop(cluster, taskArn, reason),
    );
  try {
    const task = await untilStopped(ports, cluster, taskArn, limits);
    if (task) return { kind: 'ended', taskArn, task };
  } catch (error) {
    await stop('The deploy was stopped');
    throw error;
  }
  await stop(`The canary did not end within ${limits.timeoutSeconds} seconds`);
  return { kind: 'late', taskArn };
}

async function untilStopped(
  { tasks, clock, signal }: TaskPorts,
  cluster: string,
  taskArn: string,
  { timeoutSeconds }: Limits,
): Promise<CanaryTask | undefined> {
  const deadline = clock.now() + timeoutSeconds * 1000;
  let wait = FIRST_LOOK_MILLISECONDS;
  while (clock.now() < deadline) {
    await pause(clock, Math.min(wait, deadline - clock.now()), signal);
    signal.throwIfAborted();
    const task = await tasks.look(cluster, taskArn);
    if (task?.isStopped) return task;
    wait = Math.min(wait * SLOWER_BY, SLOWEST_LOOK_MILLISECONDS);
  }
  return undefined;
}

/**
 * ECS has a code for a task that did not start, but none for a lack of room:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
function lackedRoom({ stopCode, stoppedReason = '' }: CanaryTask): boolean {
  return (
    stopCode === 'TaskFailedToStart' &&
    /capacity is unavailable|insufficient capacity/i.test(stoppedReason)
  );
}
