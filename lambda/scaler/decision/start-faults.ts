import type { StartFault, StoppedTask } from '../ports';
import { type Brake, type BrakeEvidence, brake, failuresInARow, type TaskJudgement } from './brake';

/**
 * How long a subnet that had no free address is left out: longer than the longest wait of a probe.
 */
const FULL_FOR = 20 * 60_000;

/** What keeps tasks of every revision from starting, and whether to wait for its end. */
export type StartObstacle =
  | { readonly brake: 'off' }
  | {
      readonly brake: Exclude<Brake, 'off'>;
      readonly fault: Exclude<StartFault, 'lack-of-capacity'>;
    };

/**
 * A fault that is not the revision's: it brakes like one that is, so that a pipeline without room
 * does not launch its fleet again each minute, but it has reasons of its own and never counts
 * against an image. A container of a task that was asked for since, and started, shows that it is
 * over. A lack of capacity is no obstacle here: it moves tasks to the other capacity provider.
 */
export function startObstacle(evidence: BrakeEvidence, subnets: readonly string[]): StartObstacle {
  const full = fullSubnets(evidence);
  const elsewhere = subnets.some((subnet) => !full.includes(subnet));
  const judge = (task: StoppedTask): TaskJudgement => {
    const { startFault, startedAt, subnet } = task;
    if (startFault === 'lack-of-capacity') return 'inconclusive';
    // The other subnets are tried first.
    if (startFault === 'no-addresses' && subnet && elsewhere) return 'inconclusive';
    if (startFault) return 'failure';
    return startedAt === undefined ? 'inconclusive' : 'progress';
  };
  // An old task that ends now says nothing of a new one: what started counts from when it was asked
  // for.
  const stopped = evidence.stopped.map((task) =>
    task.startedAt === undefined ? task : { ...task, stoppedAt: task.createdAt },
  );
  const state = brake(
    { ...evidence, stopped },
    {
      judge,
      // Every other task would meet the same.
      isConclusive: ({ startFault }) =>
        startFault === 'no-addresses' || startFault === 'vcpu-quota',
      isProven: ({ startedAt }) => startedAt !== undefined,
    },
  );
  const [last] = failuresInARow(stopped, judge);
  const fault = last?.startFault;
  return state === 'off' || !fault || fault === 'lack-of-capacity'
    ? { brake: 'off' }
    : { brake: state, fault };
}

/** Subnets in which a task recently found no free address. */
export function fullSubnets({
  at,
  stopped,
}: Pick<BrakeEvidence, 'at' | 'stopped'>): readonly string[] {
  const full = stopped.filter(
    ({ startFault, stoppedAt }) => startFault === 'no-addresses' && at - stoppedAt < FULL_FOR,
  );
  return [...new Set(full.flatMap(({ subnet }) => subnet ?? []))];
}
