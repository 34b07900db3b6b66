import { cutToBytes } from '../../../../text/printable';
import type { Clock } from '../clock';
import type { EventLine, Log } from '../log';
import type { JobContext } from '../workload/workload';

/** Most bytes of a line that a job logs. */
export const MAX_LOG_BYTES = 8_192;

/** A job's progress is logged once in this time: an hour is then 360 lines, at most. */
export const PROGRESS_MILLISECONDS = 10_000;

/** What a job knows of the delivery that it works for. */
export interface DeliveryFacts extends Pick<JobContext, 'attempt' | 'maxAttempts' | 'sentAt'> {
  readonly log: Log;
  /** Another id for each source object. */
  nextJobId(): string;
}

/** What the work on one source object says: log lines with the id of the job. */
export class JobReport {
  readonly id: string;
  private latest: { readonly fraction: number; readonly text: string } | undefined;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly key: string,
    private readonly delivery: DeliveryFacts,
    private readonly clock: Clock,
  ) {
    this.id = delivery.nextJobId();
  }

  context(signal: AbortSignal): JobContext {
    const { attempt, maxAttempts, sentAt } = this.delivery;
    return {
      ...{ id: this.id, attempt, maxAttempts, sentAt, signal },
      log: (line) => this.write({ event: 'job-log', line: cutToBytes(line, MAX_LOG_BYTES) }),
      progress: (fraction, text) => this.progress(fraction, cutToBytes(text, MAX_LOG_BYTES)),
    };
  }

  /** Logs nothing from now on. */
  end(): void {
    this.cancelTimer?.();
    this.latest = undefined;
  }

  private progress(fraction: number, text: string): void {
    this.latest = { fraction: fraction > 0 ? Math.min(1, fraction) : 0, text };
    if (!this.cancelTimer) this.writeProgress();
  }

  private writeProgress(): void {
    this.cancelTimer = undefined;
    if (!this.latest) return;
    this.write({ event: 'progress', ...this.latest });
    this.latest = undefined;
    this.cancelTimer = this.clock.after(PROGRESS_MILLISECONDS, () => this.writeProgress());
  }

  private write(line: EventLine): void {
    const { id: jobId, key } = this;
    this.delivery.log('info', { ...line, jobId, key });
  }
}
