import { setTimeout as delay } from 'node:timers/promises';
import type { RunEnd } from '../view/report';
import type { Snapshot } from '../view/snapshot';
import type { Session } from './folder-run';
import { STALLED_SECONDS } from './next-step';
import type { ScalerCalls } from './scaler-calls';

const LOOK_EVERY_MILLISECONDS = 250;
const CALL_EVERY_SECONDS = 5;
const UNANSWERED_MILLISECONDS = 5_000;

export interface Outcome {
  readonly end: RunEnd;
  /** For the user; absent when all went well or was asked for. */
  readonly because?: string;
  /** True when nothing can be asked of the emulator any more. */
  readonly isEmulatorGone?: boolean;
}

export interface Watched {
  readonly session: Session;
  readonly scaler: ScalerCalls;
  readonly show: (snapshot: Snapshot) => void;
  readonly stop: AbortSignal;
  /** Settles when the emulator ends by itself. */
  readonly died: Promise<string>;
  readonly now?: () => number;
}

/** Follows a run to its end. */
export async function watch(watched: Watched): Promise<Outcome> {
  const { session, stop } = watched;
  const uploading = session.upload().then(() => (stop.aborted ? undefined : watched.scaler.call()));
  const failed = uploading.then(
    () => new Promise<never>(() => undefined),
    (error: unknown): Outcome => ({
      end: 'broken',
      because: `The upload failed: ${String(error)}`,
    }),
  );
  const died = watched.died.then(
    (because): Outcome => ({ end: 'broken', because, isEmulatorGone: true }),
  );
  return Promise.race([died, failed, stopped(stop), follow(watched)]);
}

async function stopped(stop: AbortSignal): Promise<Outcome> {
  if (!stop.aborted)
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
  return { end: 'stopped' };
}

async function follow({ session, scaler, show, stop, now = Date.now }: Watched): Promise<Outcome> {
  let answeredAt = now();
  while (!stop.aborted) {
    try {
      const verdict = await session.look();
      answeredAt = now();
      if (session.fatal !== undefined) return { end: 'broken', because: session.fatal.message };
      if (verdict === 'complete') return { end: 'complete' };
      if (verdict === 'stalled') return { end: 'stalled', because: stalledSentence(session) };
      if (session.isUploading && session.isWaitingForTasks)
        await scaler.callEvery(CALL_EVERY_SECONDS);
    } catch (error) {
      if (now() - answeredAt > UNANSWERED_MILLISECONDS)
        return {
          end: 'broken',
          because: `The emulator does not answer: ${String(error)}`,
          isEmulatorGone: true,
        };
    }
    show(session.snapshot('running'));
    await delay(LOOK_EVERY_MILLISECONDS);
  }
  return { end: 'stopped' };
}

function stalledSentence(session: Session): string {
  const { backlog, inFlight } = session.snapshot('running');
  return backlog + inFlight === 0
    ? 'The queue is empty, no task runs, and these objects have neither their outputs nor a dead letter.'
    : `Nothing moved for ${STALLED_SECONDS / 60} minutes, with ${backlog} messages in the backlog and ${inFlight} in flight.`;
}
