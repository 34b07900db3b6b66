import { type Clock, pause } from './clock';
import type { Fault, FaultCode } from './faults';
import type { SourceResult } from './job/job';

/**
 * Faults with which a bucket can fail for everybody. A call that is never answered ends as
 * `JobTimeout`. What the picture itself or the worker is to blame for is not among them.
 */
const OUTAGE_CODES: ReadonlySet<FaultCode> = new Set([
  'SourceUnavailable',
  'DestinationUnavailable',
  'AccessDenied',
  'JobTimeout',
]);

/** Different keys that must fail in a row: a folder of a few broken objects is not an outage. */
export const FAILURES_TO_OPEN = 5;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 120;
/**
 * From the first opening on; then the scaler's brake takes over with single tasks at growing
 * intervals.
 */
export const GIVE_UP_SECONDS = 600;
/** A probe that is not answered for so long has failed. */
const PROBE_SECONDS = 30;

export type CircuitState = 'closed' | 'open' | 'trial' | 'ended';

const TRANSITIONS: Readonly<Record<CircuitState, readonly CircuitState[]>> = {
  closed: ['open', 'ended'],
  open: ['trial', 'closed', 'ended'],
  trial: ['open', 'closed', 'ended'],
  ended: [],
};

export interface CircuitOptions {
  readonly clock: Clock;
  /** 0 to less than 1. */
  readonly random: () => number;
  /** Settles when the buckets answer, rejects when they do not. It receives and writes nothing. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** How long a last attempt waits for other jobs to tell whose fault it is. */
  readonly doubtSeconds: number;
  readonly onChange: (state: CircuitState, before: CircuitState) => void;
  /** It has not been closed for {@link GIVE_UP_SECONDS}. */
  readonly onGiveUp: () => void;
}

/**
 * Tells an outage of the buckets from the fault of one object, by the jobs of one worker. A circuit
 * is in one of four states:
 *
 * - **closed**: all is well, and an outage fault is the object's own. When {@link FAILURES_TO_OPEN}
 *   different keys have ended with one in a row and no job was done between them, it is opened.
 * - **open**: nothing may be received. After a wait, jittered and twice as long each time, the
 *   buckets are probed without any message. When they answer, it is on trial: an answer does not
 *   show that a write would be allowed.
 * - **trial**: one job is asked for at a time; a poll that was opened before may bring more. One
 *   that is done closes the circuit, one that ends with an outage fault opens it again.
 * - **ended**: the worker drains; who is to blame is left to the next one.
 *
 * A job that was under way when it opened may close it from `open`, too: nothing shows better that
 * the destination works.
 */
export class Circuit {
  private current: CircuitState = 'closed';
  private readonly failedKeys = new Set<string>();
  private latestFault: Fault | undefined;
  private readonly doubts = new Set<(isOutage: boolean) => void>();
  /** Waits since it was last closed. */
  private waits = 0;
  private openings = 0;
  private cancelGivingUp: (() => void) | undefined;
  private readonly ended = new AbortController();

  constructor(private readonly options: CircuitOptions) {}

  get state(): CircuitState {
    return this.current;
  }

  /** The outage fault that was seen last. */
  get lastFault(): Fault | undefined {
    return this.latestFault;
  }

  /** Takes notice of how a job ended, before its message is settled. */
  saw(results: readonly SourceResult[]): void {
    if (this.current === 'ended') return;
    for (const result of results) {
      if (result.outcome === 'done') this.worked();
      else if (isOutageResult(result)) this.failed(result);
    }
  }

  /**
   * Whether such an ending is nobody's fault but the outage's. Where that matters, from the middle
   * of a job's attempts on, the buckets are probed at once. When they answer, it is the job's own
   * fault; on a last attempt, only unless the circuit opens or the worker drains before another job
   * is done or the time is over.
   */
  async excuses(
    results: readonly SourceResult[],
    attempt: 'early' | 'late' | 'last',
  ): Promise<boolean> {
    if (!results.some(isOutageResult)) return false;
    if (this.current !== 'closed') return true;
    if (attempt === 'early') return false;
    return attempt === 'last' ? this.isOutage() : !(await this.answers());
  }

  /** No more timers, no more transitions. */
  end(): void {
    if (this.current !== 'ended') this.become('ended');
    this.cancelGivingUp?.();
    this.ended.abort();
    this.resolve(true);
  }

  private worked(): void {
    this.failedKeys.clear();
    this.resolve(false);
    if (this.current === 'closed') return;
    this.waits = 0;
    this.cancelGivingUp?.();
    this.cancelGivingUp = undefined;
    this.become('closed');
  }

  private failed({ key = '', fault }: FailedResult): void {
    this.latestFault = fault;
    this.failedKeys.add(key);
    const isTooMuch = this.current === 'closed' && this.failedKeys.size >= FAILURES_TO_OPEN;
    if (isTooMuch || this.current === 'trial') this.open();
  }

  private open(): void {
    const { clock, onGiveUp } = this.options;
    this.cancelGivingUp ??= clock.after(GIVE_UP_SECONDS * 1000, onGiveUp);
    this.become('open');
    this.resolve(true);
    void this.probeUntilAnswered();
  }

  private async probeUntilAnswered(): Promise<void> {
    const { clock, random } = this.options;
    this.openings += 1;
    const opening = this.openings;
    const isOpen = () => this.current === 'open' && this.openings === opening;
    while (isOpen()) {
      const ceiling = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** this.waits);
      this.waits += 1;
      await pause(clock, ceiling * (0.5 + random() / 2) * 1000, this.ended.signal);
      if (isOpen() && (await this.answers()) && isOpen()) this.become('trial');
    }
  }

  private async answers(): Promise<boolean> {
    const { clock, probe } = this.options;
    const isOver = new AbortController();
    const cancel = clock.after(PROBE_SECONDS * 1000, () => isOver.abort());
    try {
      await probe(AbortSignal.any([isOver.signal, this.ended.signal]));
      return true;
    } catch {
      // Why is in the faults of the jobs; here only that it failed counts.
      return false;
    } finally {
      cancel();
    }
  }

  private async isOutage(): Promise<boolean> {
    const { clock, doubtSeconds } = this.options;
    const isResolved = new AbortController();
    let answer: boolean | undefined;
    const doubt = (isOutage: boolean) => {
      answer ??= isOutage;
      isResolved.abort();
    };
    this.doubts.add(doubt);
    if (!(await this.answers())) doubt(true);
    await pause(clock, doubtSeconds * 1000, isResolved.signal);
    this.doubts.delete(doubt);
    return answer ?? false;
  }

  private resolve(isOutage: boolean): void {
    for (const doubt of this.doubts) doubt(isOutage);
  }

  private become(state: CircuitState): void {
    const before = this.current;
    if (!TRANSITIONS[before].includes(state))
      throw new Error(`A circuit cannot go from ${before} to ${state}.`);
    this.current = state;
    this.options.onChange(state, before);
  }
}

type FailedResult = Extract<SourceResult, { outcome: 'failed' }>;

function isOutageResult(result: SourceResult): result is FailedResult {
  return result.outcome === 'failed' && OUTAGE_CODES.has(result.fault.code);
}
