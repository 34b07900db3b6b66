import { type Clock, jittered, pause } from '../clock';
import { type Fault, type FaultCode, OwnFault, SharedFault } from '../faults';
import type { SourceResult } from './job';

/**
 * Faults with which a bucket can fail for every job. A call that is never answered ends as
 * `JobTimeout`. Faults of a source itself or of the worker are not among them, nor is an
 * {@link OwnFault}.
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
 * From the first opening. Then the scaler's brake takes over with single tasks at growing
 * intervals.
 */
export const GIVE_UP_SECONDS = 600;
/** A probe that is not answered within this time has failed. */
const PROBE_SECONDS = 30;

export type CircuitState = 'closed' | 'open' | 'half-open' | 'ended';

const TRANSITIONS: Readonly<Record<CircuitState, readonly CircuitState[]>> = {
  closed: ['open', 'ended'],
  open: ['half-open', 'closed', 'ended'],
  'half-open': ['open', 'closed', 'ended'],
  ended: [],
};

export interface CircuitOptions {
  readonly clock: Clock;
  /** 0 to less than 1. */
  readonly random: () => number;
  /** Messages that the worker takes in all; absent: as many as there are. */
  readonly jobLimit?: number | undefined;
  /** Resolves when the buckets answer, rejects when they do not. Receives and writes nothing. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** How long a last attempt waits for other jobs to show whose fault it is. */
  readonly doubtSeconds: number;
  readonly onChange: (state: CircuitState, before: CircuitState) => void;
  /** Called while it is open, when it has not been closed for {@link GIVE_UP_SECONDS}. */
  readonly onGiveUp: () => void;
}

/**
 * Tells an outage of the buckets from the fault of one object, by the jobs of one worker. A circuit
 * is in one of four states:
 *
 * - **closed**: all is well, and an outage fault is the object's own. It opens when
 *   {@link FAILURES_TO_OPEN} different keys have ended with such a fault and no job was done
 *   between them. A worker that takes fewer messages judges by as many, of faults that no single
 *   object causes.
 * - **open**: nothing may be received. After a wait, jittered and twice as long each time, the
 *   buckets are probed without any message. When they answer, the circuit is half-open: an answer
 *   does not show that a write would be allowed.
 * - **half-open**: one job is asked for at a time; a poll that was opened before may bring more. A
 *   job that is done closes the circuit, a job that ends with an outage fault opens it again.
 * - **ended**: the worker drains. The next worker finds out who is to blame.
 *
 * A job that was under way when the circuit opened may close it from `open`: nothing shows better
 * that the destination works.
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
  private giveUpAt: number | undefined;
  private readonly ended = new AbortController();

  constructor(private readonly options: CircuitOptions) {}

  get state(): CircuitState {
    return this.current;
  }

  /** The latest outage fault. */
  get lastFault(): Fault | undefined {
    return this.latestFault;
  }

  /** Records how a job ended. To be called before its message is settled. */
  record(results: readonly SourceResult[]): void {
    if (this.current === 'ended') return;
    for (const result of results) {
      if (result.outcome === 'done' || result.outcome === 'left-out') this.worked();
      else if (isOutageResult(result)) this.failed(result);
    }
  }

  /**
   * Whether a job failed because of an outage and not by itself. From the middle of a job's
   * attempts on, the buckets are probed at once. If they answer, it is the job's own fault. On a
   * last attempt it is the outage's after all if the circuit opens or the worker drains before
   * another job is done or the time is over.
   */
  async isOutage(
    results: readonly SourceResult[],
    attempt: 'early' | 'late' | 'last',
  ): Promise<boolean> {
    if (!results.some(isOutageResult)) return false;
    if (this.current !== 'closed') return true;
    if (attempt === 'early') return false;
    return attempt === 'last' ? this.resolveDoubt() : !(await this.answers());
  }

  /** No more timers, no more transitions. */
  end(): void {
    if (this.current !== 'ended') this.become('ended');
    this.cancelGivingUp?.();
    this.ended.abort();
    this.endDoubts(true);
  }

  private worked(): void {
    this.failedKeys.clear();
    this.endDoubts(false);
    if (this.current === 'closed') return;
    this.waits = 0;
    this.cancelGivingUp?.();
    this.giveUpAt = undefined;
    this.become('closed');
  }

  private failed({ key = '', fault }: FailedResult): void {
    this.latestFault = fault;
    this.failedKeys.add(key);
    const { jobLimit = FAILURES_TO_OPEN } = this.options;
    const few = fault instanceof SharedFault ? jobLimit : FAILURES_TO_OPEN;
    const isTooMuch =
      this.current === 'closed' && this.failedKeys.size >= Math.min(few, FAILURES_TO_OPEN);
    if (isTooMuch || this.current === 'half-open') this.open();
  }

  private open(): void {
    const { clock, onGiveUp } = this.options;
    this.giveUpAt ??= clock.now() + GIVE_UP_SECONDS * 1000;
    this.cancelGivingUp = clock.after(Math.max(0, this.giveUpAt - clock.now()), onGiveUp);
    this.become('open');
    this.endDoubts(true);
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
      await pause(clock, jittered(ceiling, random) * 1000, this.ended.signal);
      if (isOpen() && (await this.answers()) && isOpen()) this.halfOpen();
    }
  }

  /** The job that is tried now may take hours: until it has failed, nothing is given up. */
  private halfOpen(): void {
    this.cancelGivingUp?.();
    this.become('half-open');
  }

  private async answers(): Promise<boolean> {
    const { clock, probe } = this.options;
    const isOver = new AbortController();
    const cancel = clock.after(PROBE_SECONDS * 1000, () => isOver.abort());
    try {
      await probe(AbortSignal.any([isOver.signal, this.ended.signal]));
      return true;
    } catch {
      // The faults of the jobs say why. Here it counts only that the probe failed.
      return false;
    } finally {
      cancel();
    }
  }

  private async resolveDoubt(): Promise<boolean> {
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

  private endDoubts(isOutage: boolean): void {
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
  if (result.outcome !== 'failed' || result.fault instanceof OwnFault) return false;
  return OUTAGE_CODES.has(result.fault.code);
}
