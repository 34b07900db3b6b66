/** A run at one moment. */
export interface Snapshot {
  /** What is being done, for a moment at which there is nothing to count. */
  readonly phase: 'starting' | 'running' | 'draining' | 'finishing';
  readonly elapsedSeconds: number;
  /** Source objects in the bucket, and whether more of them come. */
  readonly uploaded: number;
  readonly isUploading: boolean;
  /** Files that were left out. */
  readonly skipped: number;
  readonly backlog: number;
  readonly inFlight: number;
  readonly tasks: {
    readonly pending: number;
    readonly running: number;
    readonly stopping: number;
    readonly stopped: number;
  };
  /** Objects whose outputs are all in `out/`. */
  readonly done: number;
  readonly deadLettered: number;
  /** Over the last seconds; absent before the first file was done. */
  readonly filesPerSecond?: number;
}

/** Seconds to go at the present pace, or undefined where that cannot be said yet. */
export function etaSeconds(snapshot: Snapshot): number | undefined {
  const { uploaded, done, deadLettered, filesPerSecond, isUploading } = snapshot;
  if (isUploading || !filesPerSecond) return undefined;
  return Math.ceil(Math.max(0, uploaded - done - deadLettered) / filesPerSecond);
}
