import { reckoning } from './decision/reckoning';
import { fleetOf } from './decision/snapshot';
import type { TasksByProvider } from './ports';
import type { Run } from './scale';

/** Whose run it is and how long it took. */
export interface RunIdentity {
  readonly environment: string;
  readonly pipeline: string;
  /** Milliseconds since the epoch. */
  readonly scheduledMinute: number;
  /** Whether an upload asked for it. */
  readonly isWakeUp?: boolean;
  /** Of a run by hand, which learns from it that its scaler knows such runs. */
  readonly invocationId?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * One run as a JSON object: the log line, which is also its metrics in CloudWatch's embedded metric
 * format.
 */
export type ScaleLine = Readonly<Record<string, unknown>>;

const METRICS = [
  'Backlog',
  'InFlight',
  'Delayed',
  'RunningOnDemand',
  'RunningSpot',
  'PendingOnDemand',
  'PendingSpot',
  'Desired',
  'Launched',
  'LaunchFailures',
  'TasksFailing',
  'NoRoom',
  'CannotStart',
  'IdleBacklog',
  'NoImage',
] as const;

/**
 * What room in the network and quotas would end; the other faults need a permission, a route or an
 * image.
 */
const ROOM: ReadonlySet<string> = new Set(['no-addresses', 'vcpu-quota']);

/** The line of a whole run: what was seen, decided and done. */
export function scaleLine(run: Run, identity: RunIdentity): ScaleLine {
  const { observation, snapshot, policy, decision, done } = run;
  const running = fleetOf(observation.active.filter((task) => task.state === 'running'));
  const pending = fleetOf(observation.active.filter((task) => task.state === 'pending'));
  const line = {
    ...opening(identity, run.fault ? 'error' : 'info'),
    seen: {
      ...observation.queue,
      running,
      pending,
      leaving: snapshot?.leaving,
      stopped: observation.stopped.length,
      spotIsShort: snapshot?.spotIsShort,
      brake: snapshot?.brake,
      start: snapshot?.start,
      room: snapshot?.room,
      fullSubnets: snapshot?.subnets.full,
      freeAddresses: observation.freeAddresses && Object.fromEntries(observation.freeAddresses),
      addressesUnseen: observation.addressesUnseen,
      ...(policy?.scaling.policy === 'drain-within' && { service: snapshot?.service }),
      jobMinutesUnseen: observation.jobMinutesUnseen,
    },
    policy,
    reckoning: snapshot && policy && reckoning(snapshot, policy),
    decided: decision,
    done,
    lacking: lackingOf(run),
    error: run.fault?.message,
  };
  // What a wake-up finds, the scheduled run of its minute reports to the alarms.
  if (atRest(run) || identity.isWakeUp) return line;
  return { ...line, ...metrics(run, valuesOf(run, running, pending), identity.endedAt) };
}

/** Holds by which nothing is lacking: an operator or the delivery has yet to let tasks start. */
const NOT_LACKING: ReadonlySet<string> = new Set(['disabled', 'no-image-yet']);

/** Tasks that are missing and could not be had, and what kept them away; absent: none is. */
function lackingOf({ decision, snapshot, done }: Run) {
  const { launched, alreadyLaunched } = done;
  const { action, because, wanted } = decision;
  const tasks = wanted - launched.FARGATE - launched.FARGATE_SPOT - alreadyLaunched;
  if (tasks <= 0 || NOT_LACKING.has(because)) return undefined;
  const { start, room } = snapshot ?? {};
  const reasons = [
    ...(action === 'hold' ? [because] : []),
    ...(because === 'probe' && start
      ? [start.brake === 'off' ? 'tasks-failing' : start.fault]
      : []),
    ...(because === 'shortfall' && room && room.tasks < wanted ? [room.because] : []),
    ...(done.overQuota > 0 ? ['vcpu-quota'] : []),
    ...(done.unplaced > 0 ? ['no-addresses'] : []),
    ...(done.retryable + done.permanent > 0 ? done.reasons : []),
  ];
  return { tasks, because: [...new Set(reasons)] };
}

/** A wake-up of a pipeline that has a task: there are many of them in a flood. */
export function awakeLine(identity: RunIdentity): ScaleLine {
  return { ...opening(identity, 'info'), decided: { action: 'hold', because: 'enough-tasks' } };
}

/** A run that could not see what it needed, and so launched nothing. */
export function failedLine(error: unknown, identity: RunIdentity): ScaleLine {
  return {
    ...opening(identity, 'error'),
    error: error instanceof Error ? error.message : String(error),
  };
}

function opening(identity: RunIdentity, level: 'info' | 'error'): ScaleLine {
  return {
    timestamp: new Date(identity.endedAt).toISOString(),
    level,
    event: identity.isWakeUp ? 'wake-up' : 'scale',
    environment: identity.environment,
    pipeline: identity.pipeline,
    scheduledMinute: new Date(identity.scheduledMinute).toISOString(),
    invocationId: identity.invocationId,
    milliseconds: identity.endedAt - identity.startedAt,
  };
}

/**
 * A pipeline without jobs and tasks sends no metrics: CloudWatch bills a custom metric only for
 * hours that have data.
 */
function atRest({ observation: { queue, active }, fault }: Run): boolean {
  return queue.backlog + queue.inFlight + queue.delayed + active.length === 0 && !fault;
}

/** The values of all metrics; every run that sends metrics sends them all. */
function valuesOf(
  run: Run,
  running: TasksByProvider,
  pending: TasksByProvider,
): Record<(typeof METRICS)[number], number> {
  const { decision, done } = run;
  const { queue } = run.observation;
  const start = run.snapshot?.start;
  // With wrong parameters it is unknown, and then the alarms must not be silent.
  const hasImage = !run.policy || run.policy.taskDefinition !== undefined;
  const launched = done.launched.FARGATE + done.launched.FARGATE_SPOT;
  const active = running.FARGATE + running.FARGATE_SPOT + launched;
  const fault = start && start.brake !== 'off' ? start.fault : undefined;
  const isFull = ROOM.has(decision.because) || (fault && ROOM.has(fault));
  return {
    Backlog: queue.backlog,
    InFlight: queue.inFlight,
    Delayed: queue.delayed,
    RunningOnDemand: running.FARGATE,
    RunningSpot: running.FARGATE_SPOT,
    PendingOnDemand: pending.FARGATE,
    PendingSpot: pending.FARGATE_SPOT,
    Desired: decision.desired,
    Launched: launched,
    LaunchFailures: done.retryable + done.permanent,
    TasksFailing: run.snapshot && run.snapshot.brake !== 'off' ? 1 : 0,
    NoRoom: done.overQuota > 0 || isFull ? 1 : 0,
    CannotStart: fault && !ROOM.has(fault) ? 1 : 0,
    // Before the first image nothing can run, and the delivery reports that. A run that launches
    // has done its part: with a schedule of an hour each run may find new jobs and no task.
    IdleBacklog: hasImage && queue.backlog > 0 && active === 0 ? 1 : 0,
    NoImage: hasImage ? 0 : 1,
  };
}

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metrics({ decision }: Run, values: Readonly<Record<string, number>>, endedAt: number) {
  const held = decision.action === 'hold' && { Reason: decision.because, Holds: 1 };
  const directive = (names: readonly string[], ...dimensions: string[]) => ({
    Namespace: 'Spillway',
    Dimensions: [['environment', 'pipeline', ...dimensions]],
    Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
  });
  return {
    ...values,
    ...held,
    _aws: {
      Timestamp: endedAt,
      CloudWatchMetrics: [directive(METRICS), ...(held ? [directive(['Holds'], 'Reason')] : [])],
    },
  };
}
