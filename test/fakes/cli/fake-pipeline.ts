import type {
  Checkup,
  Fleet,
  JobProgress,
  PipelineMinute,
  RunKind,
  TaskLife,
} from '../../../cli/ports/account';
import type { ParameterVersion, Revision } from '../../../deployer/ports';
import type { QueueDepth } from '../../../lambda/scaler/ports';
import type { ScheduledEvent } from '../../../lambda/scaler/scheduled-minute';
import { scalerVariables } from '../environments';
import { fakeBuckets } from './fake-buckets';
import { FakeOperatorQueue } from './fake-queue';
import { NOW } from './fake-session';

/** Of the promoted revision. */
export const RECIPE = JSON.stringify([
  { name: 'small', width: 100 },
  { name: 'web', width: 800, format: 'webp' },
]);
export const PATH = '/spillway/dev/photos/';
export const NO_FLEET: Fleet = {
  FARGATE: { running: 0, pending: 0 },
  FARGATE_SPOT: { running: 0, pending: 0 },
};

/** The pipeline `photos` of `dev` as the operator's commands see it; tests change it. */
export function fakePipeline(clock: { now: number } = { now: NOW }) {
  const values = new Map<string, string>([
    [`${PATH}enabled`, 'configured'],
    [`${PATH}max-tasks`, 'configured'],
    [`${PATH}recipe`, 'none'],
    [`${PATH}task-definition`, 'spillway-dev-photos-worker:5'],
  ]);
  const queues: Readonly<Record<string, FakeOperatorQueue>> = {
    'spillway-dev-photos-work': new FakeOperatorQueue(() => clock.now),
    'spillway-dev-photos-dead-letters': new FakeOperatorQueue(() => clock.now),
  };
  const pipeline = {
    clock,
    values,
    work: queues['spillway-dev-photos-work'] as FakeOperatorQueue,
    letters: queues['spillway-dev-photos-dead-letters'] as FakeOperatorQueue,
    /** Versions of parameters that have had others than that of now, oldest first. */
    histories: new Map<string, readonly ParameterVersion[]>(),
    /** Depth of the work queue; absent: what is in it. */
    depth: undefined as QueueDepth | undefined,
    fleets: [] as Fleet[],
    stopping: [] as number[],
    /** Tasks that are kept warm, at each look. */
    warm: [] as number[],
    stoppedWarm: 0,
    variables: scalerVariables() as Readonly<Record<string, string>>,
    progress: async (_logGroup: string, _from: Date): Promise<readonly JobProgress[]> => [],
    lastRun: async (
      _name: string,
      _from: Date,
      _kind: RunKind,
    ): Promise<Readonly<Record<string, unknown>> | undefined> => undefined,
    oldest: async (): Promise<number | undefined> => undefined,
    minutes: [] as PipelineMinute[],
    lives: [] as TaskLife[],
    /** The revision that is promoted, and the template. */
    worker: workerRevision() as Revision | undefined,
    /** Events with which the scaler was run. */
    invocations: [] as ScheduledEvent[],
    scale: async (event: ScheduledEvent): Promise<Readonly<Record<string, unknown>>> => ({
      ...event,
    }),
  };
  const buckets = fakeBuckets(() => clock.now);
  const account = {
    buckets,
    taskDefinitions: {
      describe: async (name: string) =>
        pipeline.worker ? { ...pipeline.worker, name } : undefined,
      register: notHere,
      deregister: notHere,
      list: notHere,
    },
    parameters: {
      below: async (path: string) => new Map([...values].filter(([name]) => name.startsWith(path))),
      read: async (name: string) => ({ value: values.get(name) ?? '', version: 1 }),
      readVersion: async (name: string) => values.get(name) ?? '',
      history: async (name: string) => {
        const versions = pipeline.histories.get(name) ?? [
          { value: values.get(name) ?? '', modifiedAt: 0 },
        ];
        return [...versions].reverse();
      },
      write: async (name: string, value: string) => {
        values.set(name, value);
        return 2;
      },
    },
    queues: {
      open: async (name: string) => {
        const queue = queues[name];
        if (!queue) throw new Error(`There is no queue ${name}.`);
        if (name.endsWith('-work')) queue.shownDepth = pipeline.depth;
        return queue;
      },
      moveAll: async () => undefined,
    },
    scaler: {
      variables: async () => pipeline.variables,
      lastRun: (name: string, from: Date, kind: RunKind) => pipeline.lastRun(name, from, kind),
      invoke: async (_name: string, event: ScheduledEvent) => {
        pipeline.invocations.push(event);
        return pipeline.scale(event);
      },
    },
    tasks: {
      fleet: async () => pipeline.fleets.shift() ?? NO_FLEET,
      lives: async () => pipeline.lives,
      stopping: async () => pipeline.stopping.shift() ?? 0,
      stopWarm: async () => {
        const warm = pipeline.warm.shift() ?? 0;
        pipeline.stoppedWarm += warm;
        return warm;
      },
    },
    metrics: {
      oldestMessageSeconds: () => pipeline.oldest(),
      minutes: async () => pipeline.minutes,
    },
    jobs: { progress: (group: string, from: Date) => pipeline.progress(group, from) },
  };
  const { work, letters, invocations } = pipeline;
  return { pipeline, account, buckets, clock, values, work, letters, invocations };
}

async function notHere(): Promise<never> {
  throw new Error('no command asks for this');
}

/** @param more - variables of the worker that are others than usual. */
export function workerRevision(more: Readonly<Record<string, string>> = {}): Revision {
  const variables = {
    SOURCE_BUCKET: 'source',
    DESTINATION_BUCKET: 'destination',
    EXPECTED_BUCKET_OWNER: '123456789012',
    SOURCE_PREFIX: 'ecsproc/',
    DESTINATION_PREFIX: 'processed/',
    RECIPE,
    ...more,
  };
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return {
    name: 'spillway-dev-photos-worker:5',
    arn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/spillway-dev-photos-worker:5',
    isActive: true,
    definition: {
      family: 'spillway-dev-photos-worker',
      containerDefinitions: [{ name: 'worker', image: 'x', environment }],
    },
    tags: {},
  };
}

const HOUR = 3_600_000;

/** Four objects: one with all its outputs, one with a dead letter, two with neither. */
export function pipelineToReconcile() {
  const fake = fakePipeline();
  const { objects } = fake.buckets;
  for (const name of ['a.jpg', 'b b.jpg', 'c.jpg', "d'.jpg"])
    objects.put(`source/ecsproc/${name}`, 'x', { modifiedAt: NOW - HOUR });
  for (const key of ['small/a.jpg', 'web/a.jpg.webp'])
    objects.put(`destination/processed/${key}`, 'x', { modifiedAt: NOW });
  fake.letters.put('{}', { FaultCode: 'Undecodable', SourceKey: 'ecsproc%2Fc.jpg' });
  return fake;
}

/** An account in which nothing is wrong. */
export const HEALTHY: Checkup = {
  connectionStatus: async () => 'AVAILABLE',
  hearsPushes: async () => true,
  confirmedEndpoints: async () => ['a@example.com'],
  freeAddresses: async () => 1_000,
  vpcs: async () => 1,
  elasticIps: async () => 0,
  quota: async () => 1_000,
  usesEventBridge: async () => true,
  wakeUps: {
    rule: async () => ({ isEnabled: true, targets: ['spillway-dev-photos-wake.fifo'] }),
    rulesOf: async () => ['spillway-dev-photos-wake'],
    mapping: async () => 'Enabled',
    mostRuns: async () => Number.POSITIVE_INFINITY,
  },
};

/** A port that says of a thing that it is not there, as the adapter says it. */
export const lacking = (what: string, name: string) => async (): Promise<never> => {
  throw new Error(`There is no ${what}: deploy.`, {
    cause: Object.assign(new Error('no'), { name }),
  });
};
