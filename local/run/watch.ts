import { setTimeout as delay } from 'node:timers/promises';
import type { RunEnd } from '../view/report';
import type { Snapshot } from '../view/snapshot';
import type { FolderRun } from './folder-run';
import { STALLED_SECONDS } from './folder-run';
import type { ScalerCalls } from './scaler-calls';

const LOOK_EVERY_MILLISECONDS = 250;
/** A schedule has whole minutes, for which no one wants to wait here. */
const CALL_EVERY_SECONDS = 5;
const UNANSWERED_MILLISECONDS = 5_000;

export interface RunResult {
  readonly end: RunEnd;
  /** For the user; absent when the run is complete or the user stopped it. */
  readonly because?: string;
  /** True when the emulator no longer answers. */
  readonly isEmulatorGone?: boolean;
}

export interface WatchParts {
  readonly folderRun: FolderRun;
  readonly scaler: ScalerCalls;
  readonly show: (snapshot: Snapshot) => void;
  readonly stop: AbortSignal;
  /** Resolves when the emulator ends by itself. */
  readonly died: Promise<string>;
  /** Resolves when no task can work with the run's settings. */
  readonly refused: Promise<string>;
  readonly now?: () => number;
}

/** Follows a run to its end. */
export async function watch(parts: WatchParts): Promise<RunResult> {
  const { folderRun, scaler, stop } = parts;
  const uploading = folderRun.upload.run().then(() => (stop.aborted ? undefined : scaler.call()));
  const failed = uploading.then(
    () => new Promise<never>(() => undefined),
    (error: unknown): RunResult => ({
      end: 'broken',
      because: `The upload failed: ${String(error)}`,
    }),
  );
  const refused = parts.refused.then((because): RunResult => ({ end: 'broken', because }));
  return Promise.race([emulatorGone(parts.died), failed, refused, stopped(stop), follow(parts)]);
}

export async function emulatorGone(died: Promise<string>): Promise<RunResult> {
  return { end: 'broken', because: await died, isEmulatorGone: true };
}

async function stopped(stop: AbortSignal): Promise<RunResult> {
  if (!stop.aborted)
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
  return { end: 'stopped' };
}

async function follow(parts: WatchParts): Promise<RunResult> {
  const { folderRun, scaler, show, stop, now = Date.now } = parts;
  let answeredAt = now();
  while (!stop.aborted) {
    try {
      const step = await folderRun.look();
      answeredAt = now();
      const { fatal } = folderRun.results;
      if (fatal !== undefined) return { end: 'broken', because: fatal.message };
      if (step === 'complete') return { end: 'complete' };
      if (step === 'stalled') return { end: 'stalled', because: stalledSentence(folderRun) };
      if (folderRun.isWaitingForTasks) await scaler.callEvery(CALL_EVERY_SECONDS);
    } catch (error) {
      if (now() - answeredAt > UNANSWERED_MILLISECONDS)
        return {
          end: 'broken',
          because: `The emulator does not answer: ${String(error)}`,
          isEmulatorGone: true,
        };
    }
    show(folderRun.snapshot('running'));
    await delay(LOOK_EVERY_MILLISECONDS);
  }
  return { end: 'stopped' };
}

function stalledSentence(folderRun: FolderRun): string {
  const { backlog, inFlight } = folderRun.snapshot('running');
  return backlog + inFlight === 0
    ? 'The queue is empty, no task runs, and these objects have neither all their outputs ' +
        'nor a dead letter.'
    : `Nothing moved for ${STALLED_SECONDS / 60} minutes or longer, with ${backlog} messages in ` +
        `the backlog and ${inFlight} in flight.`;
}
