import { randomUUID } from 'node:crypto';
import type { Queue } from '../ports/queues';
import type { Session } from '../terminal/session';
import type { Target } from './target';

/**
 * Runs the scaler now, beside its schedule. An id of its own keeps the run apart from the scheduled
 * one of the same minute, so that ECS launches what either asks for. A failure is reported and does
 * no harm.
 */
export async function invokeScaler(
  { chosen, account }: Target,
  { now, warn }: Pick<Session, 'now' | 'warn'>,
  invocationId: string = randomUUID(),
): Promise<void> {
  const scheduledTime = new Date(now()).toISOString();
  try {
    const line = await account.scaler.invoke(chosen.scaler, { scheduledTime, invocationId });
    if (line.invocationId !== invocationId) warn(OLDER_SCALER);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    warn(
      `The scaler could not be run at once (${why}); its schedule runs it, usually within a ` +
        'minute.',
    );
  }
}

/** Its tokens know the minute alone, and ECS launches each of them once. */
const OLDER_SCALER =
  'The deployed scaler is older than this command: where its schedule has launched tasks in this ' +
  'minute, it launches more only in the next one. To update it, deploy the stacks.';

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
