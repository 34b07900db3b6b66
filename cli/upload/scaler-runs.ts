import type { Queue } from '../ports/queues';
import { invokeScaler } from '../target/invoke-scaler';
import type { Target } from '../target/target';
import type { Session } from '../terminal/session';

const EVERY_MILLISECONDS = 60_000;
const FIRST_MILLISECONDS = 5_000;
/** S3's events take a moment to the queue; before the first one the scaler has nothing to do. */
const EVENT_WAIT_MILLISECONDS = 10_000;
const LOOK_EVERY_MILLISECONDS = 1_000;

/** Runs of the scaler, beside its schedule, during and after an upload. */
export class ScalerRuns {
  private readonly runs: Promise<void>[] = [];
  private dueAt: number;

  constructor(
    private readonly session: Session,
    private readonly target: Target,
  ) {
    this.dueAt = session.now() + FIRST_MILLISECONDS;
  }

  invokeWhenDue(): void {
    if (this.session.now() < this.dueAt) return;
    this.dueAt = this.session.now() + EVERY_MILLISECONDS;
    this.runs.push(invokeScaler(this.target, this.session));
  }

  async settle(): Promise<void> {
    await Promise.all(this.runs);
  }

  /** After a request to stop it does not wait: the schedule finds the events that come later. */
  async invokeOnceSeen(queue: Queue): Promise<void> {
    const { session } = this;
    const until = session.now() + EVENT_WAIT_MILLISECONDS;
    const stop = session.interruptSignal();
    while (session.now() < until && !stop.aborted) {
      const { backlog, inFlight } = await queue.depth();
      if (backlog + inFlight > 0) break;
      await session.sleep(LOOK_EVERY_MILLISECONDS);
    }
    await invokeScaler(this.target, session);
  }
}
