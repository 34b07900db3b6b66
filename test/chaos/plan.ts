import type { AwsClient } from '../../application-code/worker/src/settings';
import { LAUNCH_MODES, type LaunchMode } from '../emulator/launch-modes';
import { between, chance, oneOf } from './chance';
import { ALL_FAULT_KINDS, type FaultKind } from './fault-kinds';

/** How often a fault strikes. */
export interface Rate {
  /** Of each opportunity, 0 to 1. */
  readonly chance: number;
  /** Opportunities in a row that it strikes, once it does: more than one is an outage. */
  readonly inARow: number;
  /** Strikes after which it is over, so that every run comes to rest. */
  readonly limit: number;
}

/** What a run does, decided by its seed. It is data: a plan with less in it is a plan, too. */
export interface Plan {
  readonly seed: number;
  readonly faults: Readonly<Partial<Record<FaultKind, Rate>>>;
  /** Numbers of the objects that are uploaded, from 0. */
  readonly objects: readonly number[];
  readonly launchMode: LaunchMode;
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  readonly jobConcurrency: number;
  readonly maxAttempts: number;
  /** From the SIGTERM of a Spot interruption to its SIGKILL: two minutes at AWS. */
  readonly spotNoticeSeconds: number;
  /** At 256 MiB, the least there is, large pictures starve. */
  readonly memoryMiB: number;
  readonly awsClient: AwsClient;
  /** False: there is no scratch folder, and no file takes a byte, as on a disk that is full. */
  readonly hasDisk: boolean;
  /** True: outputs are samples in parts, which need a disk. */
  readonly isDataset: boolean;
}

/** Each is enough to blind a run of the scaler; with both, one run could be blind twice. */
const BLINDING: readonly [FaultKind, FaultKind] = ['list-tasks-lags', 'scaler-overlaps'];

const MODES = Object.keys(LAUNCH_MODES) as readonly LaunchMode[];

/** Seeds in a row take one way to launch tasks after the other. */
export function planOf(seed: number, overrides: Partial<Plan> = {}): Plan {
  const draw = (name: string) => chance(seed, `plan/${name}`, 0);
  const number = (name: string, least: number, most: number) => between(least, most, draw(name));
  const blindedBy = oneOf(BLINDING, draw('blinded-by'));
  const kinds = ALL_FAULT_KINDS.filter(
    (kind) => draw(`has/${kind}`) < 0.5 && (!BLINDING.includes(kind) || kind === blindedBy),
  );
  const launchMode = MODES[seed % MODES.length] ?? 'jobs-per-task';
  const rate = launchMode === 'per-object' ? shortRateOf : rateOf;
  // A task of one object has no second sample for its part.
  const isDataset = launchMode !== 'per-object' && draw('dataset') < 0.4;
  return {
    seed,
    faults: Object.fromEntries(kinds.map((kind) => [kind, rate(seed, kind)])),
    objects: Array.from({ length: number('objects', 8, 16) }, (_, index) => index),
    launchMode,
    maxTasks: number('max-tasks', 2, 4),
    jobsPerTask: number('jobs-per-task', 2, 5),
    jobConcurrency: number('job-concurrency', 2, 6),
    maxAttempts: oneOf([5, 5, 5, 3, 8], draw('max-attempts')),
    spotNoticeSeconds: number('spot-notice', 1, 3),
    memoryMiB: oneOf([2048, 512, 256], draw('memory')),
    awsClient: oneOf(['lean', 'lean', 'lean', 'sdk'], draw('aws-client')),
    hasDisk: draw('disk') < 0.8 || isDataset,
    isDataset,
    ...overrides,
  };
}

function rateOf(seed: number, kind: FaultKind): Rate {
  const draw = (name: string) => chance(seed, `plan/${name}/${kind}`, 0);
  return {
    chance: 0.02 + 0.18 * draw('chance'),
    // Four in a row outlast the retries of one call of the SDK.
    inARow: oneOf([1, 1, 2, 4, 6], draw('in-a-row')),
    limit: between(...(LIMITS[kind] ?? [1, 10]), draw('limit')),
    ...(OUTAGES.includes(kind) && draw('is-outage') < 0.2 && OUTAGE),
  };
}

/**
 * A task that takes one message calls four failures of S3 in a row an outage. Then the scaler's
 * brake waits for whole minutes, which do not pass faster here: `per-object.test.ts` has that.
 */
function shortRateOf(seed: number, kind: FaultKind): Rate {
  const rate = rateOf(seed, kind);
  return kind.startsWith('s3-') ? { ...rate, inARow: 1, limit: Math.min(rate.limit, 3) } : rate;
}

/** Kinds that may last until the circuits of all workers are open. */
const OUTAGES: readonly FaultKind[] = ['s3-slow-down', 's3-internal-error', 's3-reset-before'];
const OUTAGE = { inARow: 40, limit: 40 };

/** What costs a run five seconds and more is rarer. */
const LIMITS: Readonly<Partial<Record<FaultKind, readonly [number, number]>>> = {
  'task-killed-before': [1, 2],
  'task-killed-after': [1, 2],
  'task-paused': [1, 2],
  'spot-interruption': [1, 3],
  'scaler-times-out': [1, 2],
  'list-tasks-lags': [1, 4],
};
