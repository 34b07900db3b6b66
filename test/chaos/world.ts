import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clients, createClients } from '../../local/aws/clients';
import { startEcsFront } from '../../local/fargate/ecs-front';
import { createTaskRunner, type LocalTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import { unprovision } from '../../local/provision/unprovision';
import type { Call } from './call';
import type { Handle } from './exchange';
import { startFaultProxy } from './fault-proxy';
import type { History } from './history';
import type { Plan } from './plan';
import { leadScaler } from './scaler-process';
import { type WorkerProgram, writeWorkerProgram } from './worker-program';

/** One pipeline on an emulator, with a proxy before everything that its workers and its scaler ask of AWS. */
export interface World {
  readonly pipeline: Pipeline;
  readonly clients: Clients;
  readonly runner: LocalTaskRunner;
  readonly program: WorkerProgram;
  /** Tasks that are not stopped, now. */
  liveTasks(): number;
  /** What the handlers threw: defects of the tests. */
  defects(): readonly unknown[];
  close(): Promise<void>;
}

export type WorldSettings = Pick<
  Plan,
  'maxTasks' | 'jobsPerTask' | 'jobConcurrency' | 'maxAttempts' | 'spotNoticeSeconds' | 'memoryMiB'
>;

/** What stands between the pipeline and AWS. */
export interface Handlers {
  readonly worker: Handle;
  readonly scaler: Handle;
}

/** The shortest that the worker takes. */
export const VISIBILITY_TIMEOUT_SECONDS = 5;

/** Two renditions, one in another format. */
const RECIPE = [
  { name: 's', width: 32, height: 32, fit: 'inside' },
  { name: 'm', width: 64, height: 64, fit: 'inside', format: 'webp', effort: 0 },
] as const;

export async function openWorld(
  endpoint: string,
  settings: WorldSettings,
  handlers: Handlers,
  history: History,
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const { spotNoticeSeconds, ...knobs } = settings;
  const front = await startEcsFront(endpoint);
  const [worker, scaler, scalerEcs] = await Promise.all([
    startFaultProxy(endpoint, handlers.worker),
    startFaultProxy(endpoint, handlers.scaler),
    startFaultProxy(front.endpoint, handlers.scaler),
  ]);
  const pipeline = await provision(endpoint, {
    ...knobs,
    recipe: RECIPE,
    schedule: false,
    ecsEndpoint: front.endpoint,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    jobTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    idleExitSeconds: 1,
    drainDeadlineSeconds: 2,
    stopTimeoutSeconds: 3,
    onDemandBase: 0,
  });
  const clients = createClients(endpoint);
  await leadScaler(clients, pipeline, folder, { endpoint: scaler.endpoint, ecsEndpoint: scalerEcs.endpoint });
  const program = await writeWorkerProgram(folder, worker.endpoint);
  const runner = createTaskRunner({
    pipeline,
    fleet: front.fleet,
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
    liveTasks: () => {
      const { FARGATE, FARGATE_SPOT } = front.fleet.count(pipeline.cluster);
      return FARGATE + FARGATE_SPOT;
    },
    defects: () => proxies.flatMap(({ defects }) => defects),
    close: async () => {
      await runner.stop();
      await Promise.all([front, ...proxies].map((server) => server.stop()));
      await unprovision(pipeline);
      clients.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Id of a task, as its requests name it. */
export const taskId = (taskArn: string) => taskArn.slice(taskArn.lastIndexOf('/') + 1);

function tellTo(history: History) {
  const who = (taskArn: string) => taskId(taskArn).slice(0, 8);
  return {
    onJob: (line: Parameters<NonNullable<RunnerEvents['onJob']>>[0], { taskArn }: { taskArn: string }) => {
      const { outcome, receiveCount, faultCode, because, key } = line;
      const text = [outcome, `receive ${receiveCount}`, faultCode, because].filter(Boolean).join(', ');
      history.add({ what: 'job', who: who(taskArn), text, keys: key ? [key] : [] });
    },
    onTaskStopped: (
      { taskArn, exitCode, stoppedReason }: { taskArn: string; exitCode?: number; stoppedReason?: string },
      logTail: readonly string[],
    ) => {
      const last = exitCode === 0 || exitCode === 137 ? '' : `: ${logTail.slice(-3).join(' | ')}`;
      history.add({
        what: 'task',
        who: who(taskArn),
        text: `stopped with ${exitCode} (${stoppedReason})${last}`,
        keys: [],
      });
    },
  };
}

type RunnerEvents = NonNullable<Parameters<typeof createTaskRunner>[0]['events']>;

/** Tells who asked, in eight characters. */
export const shortName = ({ who }: Call) => who.slice(0, 8);
