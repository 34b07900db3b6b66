import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { AwsClient } from '../../application-code/worker/src/aws-clients';
import { type EcsProxy, startEcsProxy } from '../../local/fargate/ecs-proxy';
import { createTaskRunner, type LocalTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline, TaskRunnerEvents, TaskView } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import type { ProvisionSettings } from '../../local/provision/settings';
import { tearDown } from '../../local/provision/teardown';
import { type AwsClients, awsClients } from '../emulator/clients';
import type { Handle } from './exchange';
import { startFaultProxy } from './fault-proxy';
import type { History } from './history';
import type { Plan } from './plan';
import { leadScaler } from './scaler-process';
import { type WorkerProgram, writeWorkerProgram } from './worker-program';

/**
 * One pipeline on an emulator, with a proxy before everything that its workers and its scaler ask
 * of AWS.
 */
export interface World {
  readonly pipeline: Pipeline;
  readonly clients: AwsClients;
  readonly runner: LocalTaskRunner;
  readonly program: WorkerProgram;
  /**
   * Tasks that run or will, now. One that is being stopped is not among them: ECS and the scaler
   * count it out at once.
   */
  liveTasks(): number;
  /** What the handlers threw: defects of the tests. */
  defects(): readonly string[];
  close(): Promise<void>;
}

export type WorldSettings = Pick<
  Plan,
  'maxTasks' | 'jobsPerTask' | 'jobConcurrency' | 'maxAttempts' | 'spotNoticeSeconds' | 'memoryMiB'
> & {
  /** Default: 1. */
  readonly idleExitSeconds?: number;
  /** Default: true. */
  readonly hasDisk?: boolean;
  /** Default: the worker's. */
  readonly awsClient?: AwsClient;
};

/** What stands between the pipeline and AWS. */
export interface Handlers {
  readonly worker: Handle;
  readonly scaler: Handle;
}

/** The shortest that the worker takes. */
export const VISIBILITY_TIMEOUT_SECONDS = 5;

/** Of a task that failed, in the history. */
const LAST_LINES = 3;

/** Two renditions, one in another format. */
const RECIPE = [
  { name: 's', width: 32, height: 32, fit: 'inside' },
  { name: 'm', width: 64, height: 64, fit: 'inside', format: 'webp', effort: 0 },
] as const;

/** Everything that is a matter of minutes at AWS takes seconds here. */
function provisionSettings(settings: WorldSettings): ProvisionSettings {
  const {
    maxTasks,
    jobsPerTask,
    jobConcurrency,
    maxAttempts,
    memoryMiB,
    idleExitSeconds = 1,
  } = settings;
  const { awsClient } = settings;
  return {
    maxTasks,
    jobsPerTask,
    jobConcurrency,
    maxAttempts,
    memoryMiB,
    idleExitSeconds,
    recipe: RECIPE,
    schedule: false,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    jobTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    drainDeadlineSeconds: 2,
    stopTimeoutSeconds: 3,
    onDemandBase: 0,
    ...(awsClient ? { awsClient } : {}),
  };
}

export async function openWorld(
  endpoint: string,
  settings: WorldSettings,
  handlers: Handlers,
  history: History,
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const { spotNoticeSeconds, hasDisk = true } = settings;
  const proxy = await startEcsProxy(endpoint);
  const [worker, scaler, scalerEcs] = await Promise.all([
    startFaultProxy(endpoint, handlers.worker),
    startFaultProxy(endpoint, handlers.scaler),
    startFaultProxy(proxy.endpoint, handlers.scaler),
  ]);
  const pipeline = await provision(endpoint, {
    ...provisionSettings(settings),
    ecsEndpoint: proxy.endpoint,
  });
  const clients = awsClients(endpoint);
  await leadScaler(clients, pipeline, folder, {
    endpoint: scaler.endpoint,
    ecsEndpoint: scalerEcs.endpoint,
  });
  const program = await writeWorkerProgram(folder, worker.endpoint, hasDisk);
  const runner = createTaskRunner({
    pipeline,
    fleet: proxy.fleet,
    program: program.path,
    spotNoticeSeconds,
    events: tellTo(history),
  });
  await runner.start();
  const proxies = [worker, scaler, scalerEcs];
  return {
    pipeline,
    clients,
    runner,
    program,
    liveTasks: () => liveTasks(proxy, runner, pipeline),
    defects: () => proxies.flatMap(({ defects }) => defects.map((defect) => inspect(defect))),
    close: async () => {
      await runner.stop();
      await Promise.all([proxy, ...proxies].map((server) => server.stop()));
      await tearDown(pipeline);
      clients.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * RunTask enters a task into the fleet before the runner has seen it; that it is being stopped, the
 * runner knows.
 */
function liveTasks({ fleet }: EcsProxy, runner: LocalTaskRunner, { cluster }: Pipeline): number {
  const { FARGATE, FARGATE_SPOT } = fleet.count(cluster);
  return (
    FARGATE +
    FARGATE_SPOT -
    runner.tasks().filter(({ lastStatus }) => lastStatus === 'STOPPING').length
  );
}

function tellTo(history: History): Partial<TaskRunnerEvents> {
  const who = ({ taskArn }: TaskView) => taskArn.slice(taskArn.lastIndexOf('/') + 1);
  return {
    onJob: ({ outcome, receiveCount, faultCode, because, key }, task) => {
      const text = [outcome, `receive ${receiveCount}`, faultCode, because]
        .filter(Boolean)
        .join(', ');
      history.add({ what: 'job', who: who(task), text, keys: key ? [key] : [] });
    },
    onTaskStopped: (task, logTail) => {
      const { exitCode, stoppedReason } = task;
      const isExpected = exitCode === 0 || exitCode === 137;
      const last = isExpected ? '' : `: ${logTail.slice(-LAST_LINES).join(' | ')}`;
      const text = `stopped with ${exitCode} (${stoppedReason})${last}`;
      const code = exitCode === undefined ? {} : { exitCode };
      history.add({ what: 'task', who: who(task), text, ...code, keys: [] });
    },
  };
}
