/** How far a job is. */
export interface JobProgress {
  /** Path of its file below the folder. */
  readonly name: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly text: string;
}

/** A run at one moment. */
export interface Snapshot {
  readonly phase: 'starting' | 'running' | 'draining' | 'finishing';
  readonly elapsedSeconds: number;
  /** Source objects in the bucket, and whether others follow. */
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
  /** Objects with all their outputs in `out/`. */
  readonly done: number;
  readonly deadLettered: number;
  /** Of the jobs that say how far they are. */
  readonly progress: readonly JobProgress[];
  /** Over the last seconds; absent before the first file is done. */
  readonly filesPerSecond?: number;
}

/** Seconds to the end at the present throughput, or undefined while nothing is known of it. */
export function etaSeconds(snapshot: Snapshot): number | undefined {
  const { uploaded, done, deadLettered, filesPerSecond, isUploading } = snapshot;
  if (isUploading || !filesPerSecond) return undefined;
  return Math.ceil(Math.max(0, uploaded - done - deadLettered) / filesPerSecond);
}

/** Files per second over the last seconds, so that a pause shows and the start is forgotten. */
export class Throughput {
  private readonly marks: { readonly seconds: number; readonly files: number }[] = [];

  /** @param windowSeconds length of the time over which files are counted. */
  constructor(private readonly windowSeconds = 5) {}

  /**
   * @param files number of files that are finished at this moment.
   * @returns undefined before the first file.
   */
  at(seconds: number, files: number): number | undefined {
    this.marks.push({ seconds, files });
    while (
      this.marks.length > 2 &&
      seconds - (this.marks[1]?.seconds ?? seconds) > this.windowSeconds
    )
      this.marks.shift();
    const first = this.marks[0];
    if (files === 0 || first === undefined || seconds <= first.seconds) return undefined;
    return (files - first.files) / (seconds - first.seconds);
  }
}
