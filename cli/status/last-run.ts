/** The scaler's newest run. */
export interface LastRun {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `launch`, `hold`, or `fail` for a run that could not decide. */
  readonly action: string;
  /** The scaler's own word, such as `enough-tasks`. */
  readonly because: string;
  readonly desired?: number;
  /** Tasks that were launched. */
  readonly launched: number;
  /**
   * What keeps tasks from starting, in a run that probes or is refused, too; absent when nothing
   * does.
   */
  readonly obstacle?: string;
  /** What an operator must fix. */
  readonly error?: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads a line of the scaler's log; a field that is missing is left out. */
export function lastRunOf(line: Line): LastRun {
  const decided = Object(line.decided) as Line;
  const done = Object(line.done) as Line;
  const launched = Object(done.launched) as Readonly<Record<string, number>>;
  const obstacle = obstacleOf(Object(line.seen) as Line, done);
  const at = Date.parse(String(line.timestamp));
  return {
    at: Number.isNaN(at) ? 0 : at,
    action: typeof decided.action === 'string' ? decided.action : 'fail',
    because: typeof decided.because === 'string' ? decided.because : 'error',
    ...(typeof decided.desired === 'number' && { desired: decided.desired }),
    launched: Object.values(launched).reduce((sum, count) => sum + count, 0),
    ...(obstacle && { obstacle }),
    ...(typeof line.error === 'string' && { error: line.error }),
  };
}

function obstacleOf(seen: Line, { overQuota }: Line): string | undefined {
  const { brake, fault } = Object(seen.start) as Line;
  if (typeof fault === 'string' && brake !== 'off') return fault;
  if (seen.brake === 'waiting' || seen.brake === 'probe') return 'tasks-failing';
  return typeof overQuota === 'number' && overQuota > 0 ? 'vcpu-quota' : undefined;
}
