import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { outputPlans } from '../../application-code/worker/src/job/manifest';
import type { AwsClient } from '../../application-code/worker/src/settings';
import { type EcsProxy, startEcsProxy } from '../../local/ecs/ecs-proxy';
import { createTaskRunner, type LocalTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline, TaskRunnerEvents, TaskView } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import type { ProvisionSettings } from '../../local/provision/settings';
import { tearDown } from '../../local/provision/teardown';
import { PROGRAM } from '../emulator/build-workload';
import { type AwsClients, awsClients } from '../emulator/clients';
import { leadScaler } from '../emulator/fleet';
import { LAUNCH_MODES, type LaunchMode } from '../emulator/launch-modes';
import { messagesIn } from '../emulator/outcome';
import { type Handle, startFaultProxy } from './fault-proxy';
import type { History } from './history';
import type { Plan } from './plan';
import type { ChaosProgram } from './program/program';
import { namingVariables } from './scaler-runs';
import type { Violation } from './verdict';
import { type WorkerProgram, writeWorkerProgram } from './worker-program';

/** One pipeline on an emulator, with proxies between its workers and its scaler and AWS. */
export interface ChaosPipeline {
  readonly pipeline: Pipeline;
  readonly clients: AwsClients;
  readonly runner: LocalTaskRunner;
  readonly program: WorkerProgram;
  /** Tasks that stay when there is no job. */
  readonly warmTasks: number;
  /** Tasks that run or will; ECS and the scaler no longer count one that is being stopped. */
  liveTasks(): number;
  /** What the handlers threw: defects of the tests. */
  defects(): readonly string[];
  close(): Promise<void>;
}

export type ChaosSettings = Pick<
  Plan,
  'maxTasks' | 'jobsPerTask' | 'jobConcurrency' | 'maxAttempts' | 'spotNoticeSeconds' | 'memoryMiB'
> & {
  /** Default: a task for every `jobsPerTask` jobs. */
  readonly launchMode?: LaunchMode;
  /** Default: 1. */
  readonly idleExitSeconds?: number;
  /** Default: true. */
  readonly hasDisk?: boolean;
  /** Whether outputs are samples in parts; default: they are objects. */
  readonly isDataset?: boolean;
  /** Default: the worker's. */
  readonly awsClient?: AwsClient;
  /** What does the jobs; default: images. */
  readonly program?: ChaosProgram;
};

/** What stands between the pipeline and AWS. */
export interface Handlers {
  readonly worker: Handle;
  readonly scaler: Handle;
}

/** The shortest that the worker takes. */
const VISIBILITY_TIMEOUT_SECONDS = 5;

/** Of a task that failed, in the history. */
const LAST_LINES = 3;

/** Two renditions, one in another format. */
const RECIPE = [
  { name: 's', width: 32, height: 32, fit: 'inside' },
  { name: 'm', width: 64, height: 64, fit: 'inside', format: 'webp', effort: 0 },
] as const;

/** Parts of few samples, so that several are written at a time. */
const DATASET_VARIABLES = { DESTINATION_KIND: 'shards', SHARD_SAMPLES: '3', SHARD_SECONDS: '2' };

/** Everything that is a matter of minutes at AWS takes seconds here. */
function provisionSettings(settings: ChaosSettings): ProvisionSettings {
  const { spotNoticeSeconds: _, hasDisk: __, program: ___, isDataset: ____, ...rest } = settings;
  const { launchMode = 'jobs-per-task', awsClient, ...given } = rest;
  return {
    idleExitSeconds: 1,
    ...given,
    ...LAUNCH_MODES[launchMode],
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

export async function openChaosPipeline(
  endpoint: string,
  settings: ChaosSettings,
  handlers: Handlers,
  history: History,
): Promise<ChaosPipeline> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const { spotNoticeSeconds, hasDisk = true, isDataset = false, program: job } = settings;
  const proxy = await startEcsProxy(endpoint);
  const [worker, scaler, scalerEcs] = await Promise.all([
    startFaultProxy(endpoint, handlers.worker),
    startFaultProxy(endpoint, handlers.scaler),
    startFaultProxy(proxy.endpoint, handlers.scaler),
  ]);
  const pipeline = {
    ...(await provision(endpoint, {
      ...provisionSettings(settings),
      ecsEndpoint: proxy.endpoint,
    })),
    ...(job && { outputs: outputPlans(job.recipe, job.recipe.default) }),
  };
  const clients = awsClients(endpoint);
  const endpoints = { endpoint: scaler.endpoint, ecsEndpoint: scalerEcs.endpoint };
  await leadScaler(clients, pipeline, endpoints, await namingVariables(folder));
  const program = await writeWorkerProgram(folder, worker.endpoint, {
    hasDisk,
    ...(job && { bundle: job.bundle }),
    variables: {
      ...(job && { WORKLOAD: PROGRAM, RECIPE: '{}' }),
      ...(isDataset && DATASET_VARIABLES),
    },
  });
  const runner = createTaskRunner({
    pipeline,
    fleet: proxy.fleet,
    program: program.path,
    spotNoticeSeconds,
    events: reportTo(history),
  });
  await runner.start();
  const proxies = [worker, scaler, scalerEcs];
  return {
    pipeline,
    clients,
    runner,
    program,
    warmTasks: provisionSettings(settings).minTasks ?? 0,
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

/** RunTask adds a task before the runner has seen it; the runner knows which are stopping. */
function liveTasks({ fleet }: EcsProxy, runner: LocalTaskRunner, { cluster }: Pipeline): number {
  const { FARGATE, FARGATE_SPOT } = fleet.count(cluster);
  const stopping = runner.tasks().filter(({ lastStatus }) => lastStatus === 'STOPPING');
  return FARGATE + FARGATE_SPOT - stopping.length;
}

function reportTo(history: History): Partial<TaskRunnerEvents> {
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

export interface RestOptions {
  /** Runs the scaler. */
  readonly minute: (now: Date) => Promise<readonly Violation[]>;
  /** Called when all is quiet; true when it has given the pipeline more to do. */
  readonly hasMore?: () => Promise<boolean>;
  /** Of the slowest run. Default: 240, the waits of eight attempts of one job. */
  readonly seconds?: number;
}

const MINUTE = 60_000;
/** Between two runs of the scaler, which are a minute apart at AWS. */
const MINUTE_PASSES_MILLISECONDS = 600;

/** Lets minutes pass until no message and no busy task is left and there is no more to do. */
export async function comeToRest(
  { pipeline, clients, runner, warmTasks }: ChaosPipeline,
  { minute, hasMore = async () => false, seconds = 240 }: RestOptions,
): Promise<Violation[]> {
  const deadline = Date.now() + seconds * 1000;
  const found: Violation[] = [];
  let scheduled = Date.now();
  for (let quiet = 0; quiet < 2; ) {
    scheduled += MINUTE;
    found.push(...(await minute(new Date(scheduled))));
    await delay(MINUTE_PASSES_MILLISECONDS);
    const live = runner.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
    const messages = await messagesIn(clients, pipeline.queueUrl);
    // A run that does not see the launch of another one makes too many warm tasks, and they stay.
    const isIdle = live === 0 || warmTasks > 0;
    const isQuiet = isIdle && messages === 0 && !(await hasMore());
    quiet = isQuiet ? quiet + 1 : 0;
    if (Date.now() < deadline) continue;
    const text = `after ${seconds} s there are ${messages} messages and ${live} tasks left`;
    return [...found, { text, keys: [] }];
  }
  return found;
}
