import { clientToken, type TokenParts } from './client-token';
import { addResults, NOTHING_LAUNCHED } from './launch-result';
import type { CapacityProvider, LaunchResult, Tasks, TasksByProvider } from './ports';

/** Most tasks that one RunTask call takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const TASKS_PER_CALL = 10;

/** What a run did. */
export interface Launched {
  readonly launched: TasksByProvider;
  /** Tasks that an earlier run of the same minute had launched. */
  readonly alreadyLaunched: number;
  /** Spot tasks for which there was no room and which were asked for on FARGATE instead. */
  readonly madeUpOnDemand: number;
  /** Tasks for which the account has no vCPUs left. */
  readonly overQuota: number;
  readonly retryable: number;
  readonly permanent: number;
  readonly reasons: readonly string[];
}

export interface LaunchPlan extends Omit<TokenParts, 'capacityProvider' | 'batch'> {
  readonly taskDefinition: string;
  readonly tasks: TasksByProvider;
  /** Ids of subnets that are full. */
  readonly fullSubnets: readonly string[];
  /** Milliseconds that are left to the run. */
  readonly remainingMilliseconds: () => number;
}

/** Time that the last call and the log line need. */
const RESERVE_MILLISECONDS = 15_000;

/** Launches the tasks of a decision, Spot first, so that what Spot has no room for goes to FARGATE in the same run. */
export async function launch(plan: LaunchPlan, tasks: Pick<Tasks, 'launch'>): Promise<Launched> {
  const spot = await launchOn('FARGATE_SPOT', plan.tasks.FARGATE_SPOT, plan, tasks);
  const onDemand = await launchOn('FARGATE', plan.tasks.FARGATE + spot.lackOfCapacity, plan, tasks);
  return {
    launched: { FARGATE: onDemand.launched, FARGATE_SPOT: spot.launched },
    alreadyLaunched: spot.alreadyLaunched + onDemand.alreadyLaunched,
    madeUpOnDemand: spot.lackOfCapacity,
    overQuota: spot.overQuota + onDemand.overQuota,
    retryable: spot.retryable + onDemand.retryable + onDemand.lackOfCapacity,
    permanent: spot.permanent + onDemand.permanent,
    reasons: [...new Set([...spot.reasons, ...onDemand.reasons])],
  };
}

/** One call after the other: ECS takes about twenty a second. What fails once would fail again, so it stops there. */
async function launchOn(
  capacityProvider: CapacityProvider,
  count: number,
  plan: LaunchPlan,
  tasks: Pick<Tasks, 'launch'>,
): Promise<LaunchResult> {
  let sum = NOTHING_LAUNCHED;
  for (let batch = 0; batch * TASKS_PER_CALL < count; batch++) {
    const left = count - batch * TASKS_PER_CALL;
    if (plan.remainingMilliseconds() < RESERVE_MILLISECONDS) {
      return addResults(sum, {
        ...NOTHING_LAUNCHED,
        retryable: left,
        reasons: ['The run was short of time'],
      });
    }
    const size = Math.min(left, TASKS_PER_CALL);
    const token = clientToken({ ...plan, capacityProvider, batch });
    const result = await tasks.launch({
      taskDefinition: plan.taskDefinition,
      capacityProvider,
      fullSubnets: plan.fullSubnets,
      count: size,
      clientToken: token,
    });
    sum = addResults(sum, result);
    const failure = failureOf(result);
    if (failure) return addResults(sum, { ...NOTHING_LAUNCHED, [failure]: left - size });
  }
  return sum;
}

function failureOf(result: LaunchResult) {
  return (['permanent', 'overQuota', 'retryable', 'lackOfCapacity'] as const).find(
    (kind) => result[kind] > 0,
  );
}
