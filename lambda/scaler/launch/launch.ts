import { createHash } from 'node:crypto';
import {
  addResults,
  type CapacityProvider,
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  TASKS_PER_CALL,
  type Tasks,
  type TasksByProvider,
} from '../ports';
import { afterLaunch, place, type Subnets } from './placement';
import { staysFor } from './warm';

/** What a run did. */
export interface LaunchTotals {
  readonly launched: TasksByProvider;
  /** Tasks that an earlier run of the same minute had launched. */
  readonly alreadyLaunched: number;
  /** Spot tasks for which there was no room and which were asked for on FARGATE instead. */
  readonly madeUpOnDemand: number;
  /** Tasks for which the account has no vCPUs left. */
  readonly overQuota: number;
  readonly retryable: number;
  readonly permanent: number;
  /**
   * Tasks that the subnets have addresses for, but not in this run's batches: the next run asks for
   * them.
   */
  readonly unplaced: number;
  readonly reasons: readonly string[];
}

export interface LaunchPlan extends RunOfPipeline {
  readonly taskDefinition: string;
  readonly tasks: TasksByProvider;
  /** How many of them stay when the queue is empty: those on demand first. */
  readonly warm: number;
  /** Age in seconds at which a task takes no more jobs. */
  readonly maxTaskSeconds: number;
  /** Variables of all tasks instead of those of the task definition. */
  readonly variables: Readonly<Record<string, string>>;
  readonly subnets: Subnets;
  /**
   * Whether a wake-up of the same minute may launch the first tasks, too: those of the first call
   * on FARGATE, which therefore has the same token in both runs.
   */
  readonly isFirst?: boolean;
  /** Milliseconds that are left to the run. */
  readonly remainingMilliseconds: () => number;
}

/** Time that the last call and the log line need. */
const RESERVE_MILLISECONDS = 15_000;

/**
 * Launches the tasks of a decision, Spot first, so that tasks without room on Spot go to FARGATE in
 * the same run.
 */
export async function launch(plan: LaunchPlan, tasks: Launcher): Promise<LaunchTotals> {
  const { FARGATE, FARGATE_SPOT } = plan.tasks;
  const warm = Math.min(plan.warm, FARGATE);
  const run = { ...plan, token: tokenOf(plan), launcher: tasks };
  const { result: spot, subnets } = await launchOn('FARGATE_SPOT', FARGATE_SPOT, {
    ...run,
    warm: plan.warm - warm,
  });
  const rest = { ...run, warm, subnets };
  const { result: onDemand } = await launchOn('FARGATE', FARGATE + spot.lackOfCapacity, rest);
  const done = {
    alreadyLaunched: spot.alreadyLaunched + onDemand.alreadyLaunched,
    overQuota: spot.overQuota + onDemand.overQuota,
    retryable: spot.retryable + onDemand.retryable + onDemand.lackOfCapacity,
    permanent: spot.permanent + onDemand.permanent,
  };
  const told = Object.values(done).reduce(
    (sum, count) => sum + count,
    spot.launched + onDemand.launched,
  );
  return {
    ...done,
    launched: { FARGATE: onDemand.launched, FARGATE_SPOT: spot.launched },
    madeUpOnDemand: spot.lackOfCapacity,
    unplaced: FARGATE + FARGATE_SPOT - told,
    reasons: [...new Set([...spot.reasons, ...onDemand.reasons])],
  };
}

type Launcher = Pick<Tasks, 'launch' | 'tasksPerCall'>;

interface ProviderPlan extends LaunchPlan {
  /** From {@link tokenOf}. */
  readonly token: string;
  readonly launcher: Launcher;
}

/**
 * One call after the other: ECS takes about twenty a second. What fails once would fail again, so
 * it stops there. A batch that finds fewer addresses stays that small: the tokens of a minute then
 * launch no more than the maximum.
 */
async function launchOn(capacityProvider: CapacityProvider, count: number, plan: ProviderPlan) {
  let result = NOTHING_LAUNCHED;
  let { subnets } = plan;
  const stop = (kind: FailureKind, tasks: number, reasons: readonly string[] = []) => ({
    result: addResults(result, { ...NOTHING_LAUNCHED, [kind]: tasks, reasons }),
    subnets,
  });
  for (let batch = 0, asked = 0; asked < count; batch++) {
    const left = count - asked;
    if (plan.remainingMilliseconds() < RESERVE_MILLISECONDS) {
      return stop('retryable', left, ['The run was short of time']);
    }
    const isWarm = asked < plan.warm;
    const isFirst = plan.isFirst && capacityProvider === 'FARGATE' && batch === 0;
    // A wake-up's launch with the token of the first batch stands for no more tasks than one call.
    const { tasksPerCall = TASKS_PER_CALL } = isFirst ? {} : plan.launcher;
    const size = Math.min(tasksPerCall, isWarm ? plan.warm - asked : left);
    asked += size;
    const placement = place(size, left, subnets);
    if (placement.count === 0) break;
    const { taskDefinition, variables } = plan;
    const launched = await launchWhatFits(plan.launcher, {
      ...placement,
      taskDefinition,
      capacityProvider,
      variables: isWarm ? { ...variables, ...staysFor(plan.maxTaskSeconds) } : variables,
      clientToken: clientToken(plan.token, capacityProvider, isFirst ? 'first' : batch),
    });
    result = addResults(result, launched);
    subnets = afterLaunch(subnets, placement, placement.count - launched.lackOfCapacity);
    const failure = failureOf(launched);
    if (failure) return stop(failure, left - size);
  }
  return { result, subnets };
}

/**
 * A quota may refuse a call as a whole that asks for more than is left of it: half as many are then
 * asked for, down to one task. All tries have one token, so that at most one of them launches:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
async function launchWhatFits(launcher: Launcher, batch: LaunchBatch): Promise<LaunchResult> {
  const result = await launcher.launch(batch);
  const { count } = batch;
  const half = Math.floor(count / 2);
  if (half === 0 || result.overQuota < count) return result;
  const rest = { ...NOTHING_LAUNCHED, overQuota: count - half, reasons: result.reasons };
  return addResults(rest, await launchWhatFits(launcher, { ...batch, count: half }));
}

const FAILURE_KINDS = ['permanent', 'overQuota', 'retryable', 'lackOfCapacity'] as const;
type FailureKind = (typeof FAILURE_KINDS)[number];

function failureOf(result: LaunchResult): FailureKind | undefined {
  return FAILURE_KINDS.find((kind) => result[kind] > 0);
}

/** What tells a run from all others. */
export interface RunOfPipeline {
  readonly environment: string;
  readonly pipeline: string;
  /** Milliseconds since the epoch of the minute that the run stands for. */
  readonly scheduledMinute: number;
  /** Of a run by hand. */
  readonly invocationId?: string;
}

/**
 * The begin of all client tokens of a run, such as `photos-9f86d081-202603101405`: the hash keeps
 * apart what a shortened name would confuse, and runs by hand.
 */
export function tokenOf(run: RunOfPipeline): string {
  const { environment, pipeline, invocationId, scheduledMinute } = run;
  const owner = [environment, pipeline, ...(invocationId ? [invocationId] : [])].join('/');
  const hash = createHash('sha256').update(owner).digest('hex').slice(0, 8);
  const minute = new Date(scheduledMinute).toISOString().replace(/\D/g, '').slice(0, 12);
  return [pipeline.slice(0, 20), hash, minute].join('-');
}

/**
 * The client token of a launch batch, such as `photos-9f86d081-202603101405-FARGATE_SPOT-0`: a
 * repeated run has the same tokens, so that ECS launches each batch once. ECS takes at most 64
 * characters.
 * @param run from {@link tokenOf}.
 * @param batch number of the batch among those of its run and provider, from 0; `first` for the one
 *   that a wake-up and a scheduled run of its minute share.
 */
export function clientToken(
  run: string,
  capacityProvider: CapacityProvider,
  batch: number | 'first',
): string {
  return `${run}-${capacityProvider}-${batch}`;
}
