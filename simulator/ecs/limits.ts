import type { Policy } from '../../lambda/scaler/decision/policy';
import { worthOf } from '../../lambda/scaler/decision/scaling';
import type { Run } from '../../lambda/scaler/scale';
import type { Limit } from '../outcome';

/** What a bound is called, when a run meets it, and what moves it. */
interface Bound {
  readonly what: string;
  readonly isMet: (run: Run, policy: Policy) => boolean;
  readonly advice: (policy: Policy) => string;
}

const held = (reason: Run['decision']['because']) => (run: Run) => run.decision.because === reason;
const wantsMore = ({ snapshot }: Run, { scaling, maxTasks }: Policy) =>
  snapshot !== undefined && worthOf(snapshot, scaling) > maxTasks;

const BOUNDS: readonly Bound[] = [
  {
    what: 'max-tasks',
    isMet: wantsMore,
    advice: ({ maxTasks }) =>
      `maxTasks (${maxTasks}) is all that is launched: a larger one ends sooner, at almost the ` +
      'same price.',
  },
  {
    what: 'addresses',
    isMet: (run) => held('no-addresses')(run) || run.done.unplaced > 0,
    advice: () => 'The subnets have no free address left: larger or more subnets take more tasks.',
  },
  {
    what: 'launch-rate',
    isMet: ({ done }) => done.retryable > 0,
    advice: () =>
      'Fargate starts 20 tasks a second after the first 100: the next run of the scaler asks ' +
      'for the rest.',
  },
  {
    what: 'tasks-failing',
    isMet: held('tasks-failing'),
    advice: () => 'Tasks keep failing, so that the brake launches single ones.',
  },
];

/** How often RunTask has refused tasks, by what there was no room for. */
export type Refusals = Readonly<Record<keyof typeof REFUSALS, number>>;

const quota = (name: string) =>
  `The quota "${name}" of the account is used up: ask for more of it in Service Quotas.`;
const REFUSALS = {
  'on-demand-vcpus': quota('Fargate On-Demand vCPU resource count'),
  'spot-vcpus': quota('Fargate Spot vCPU resource count'),
  'spot-capacity': 'Spot has no more capacity, so that tasks are made up on demand.',
} as const;
const EXPIRED =
  'SQS drops what is older than retentionDays: a larger maxTasks, or larger tasks, are needed.';

/** Counts the runs of the scaler that met each bound. */
export class LimitCount {
  private readonly runs = new Map<Bound, { count: number; policy: Policy }>();

  add(run: Run): void {
    const { policy } = run;
    if (!policy) return;
    for (const bound of BOUNDS) {
      if (!bound.isMet(run, policy)) continue;
      this.runs.set(bound, { count: (this.runs.get(bound)?.count ?? 0) + 1, policy });
    }
  }

  /**
   * The longest first.
   * @param refusals of RunTask, for what Fargate had no room.
   * @param expired objects that SQS has dropped.
   */
  result(refusals: Refusals, expired: number): readonly Limit[] {
    const met = [...this.runs].map(([{ what, advice }, { count, policy }]) => ({
      what,
      runs: count,
      advice: advice(policy),
    }));
    const refused = Object.entries(refusals)
      .filter(([, runs]) => runs > 0)
      .map(([what, runs]) => ({ what, runs, advice: REFUSALS[what as keyof Refusals] }));
    const lost = expired > 0 ? [{ what: 'expired', runs: 0, advice: EXPIRED }] : [];
    return [...lost, ...[...met, ...refused].sort((a, b) => b.runs - a.runs)];
  }
}
