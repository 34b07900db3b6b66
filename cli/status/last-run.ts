/** What the scaler said of its newest run. */
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
  /** What somebody must mend. */
  readonly error?: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads a line of the scaler's log; a field that is missing is left out. */
export function lastRunOf(line: Line): LastRun {
  const decided = Object(line.decided) as Line;
  const launched = Object((Object(line.done) as Line).launched) as Readonly<Record<string, number>>;
  const at = Date.parse(String(line.timestamp));
  return {
    at: Number.isNaN(at) ? 0 : at,
    action: typeof decided.action === 'string' ? decided.action : 'fail',
    because: typeof decided.because === 'string' ? decided.because : 'error',
    ...(typeof decided.desired === 'number' && { desired: decided.desired }),
    launched: Object.values(launched).reduce((sum, count) => sum + count, 0),
    ...(typeof line.error === 'string' && { error: line.error }),
  };
}
