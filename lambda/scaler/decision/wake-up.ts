import { type Decision, decide, NO_TASKS, type Snapshot } from './decide';
import type { Policy } from './policy';

/**
 * What an upload launches: `wakeTasks` tasks on FARGATE for a pipeline without any, if a scheduled
 * run would launch some. The number does not depend on the backlog, which that run looks at.
 */
export function wakeUp(snapshot: Snapshot, policy: Policy, wakeTasks: number): Decision {
  const decision = decide(snapshot, policy);
  if (decision.action === 'hold') return decision;
  const { fleet, room } = snapshot;
  if (wakeTasks === 0 || fleet.FARGATE + fleet.FARGATE_SPOT > 0)
    return { ...decision, action: 'hold', tasks: NO_TASKS, warm: 0, because: 'enough-tasks' };
  const first = { ...decision, warm: 0 };
  if (decision.because === 'probe') return { ...first, tasks: { ...NO_TASKS, FARGATE: 1 } };
  const FARGATE = Math.min(wakeTasks, policy.maxTasks, room?.tasks ?? wakeTasks);
  return { ...first, tasks: { ...NO_TASKS, FARGATE }, because: 'wake-up' };
}

/**
 * The policy of scheduled runs beside wake-ups: their first tasks are on FARGATE, too, since both
 * launch these under one token.
 */
export function besideWakeUps(policy: Policy, wakeTasks: number): Policy {
  return { ...policy, onDemandBase: Math.max(policy.onDemandBase, wakeTasks) };
}
