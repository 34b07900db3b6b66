import { createHash } from 'node:crypto';
import type { Fault, Interruption } from '../faults';
import type { LeftOutRow, SampleRow } from './part-index';
import type { FinishedPartFile, PartFile, PartFiles } from './ports';
import type { NewSample } from './sample-records';
import { END_OF_ARCHIVE } from './tar';

/** Why a part is not written; undefined for one that is. */
export type PartFailure = Fault | Interruption | undefined;

/** What a part holds at most. */
export interface PartLimits {
  readonly samples: number;
  readonly bytes: number;
}

/**
 * Samples on their way to one tar. It takes them until it is closed; then its end is told to all
 * whose samples it has. Places are taken at once, in the order of the calls, and contents follow.
 */
export class Part {
  readonly samples: SampleRow[] = [];
  readonly leftOut: LeftOutRow[] = [];
  /** Resolves when it is written, or never will be. */
  readonly end: Promise<PartFailure>;
  settle: (failure: PartFailure) => void = () => undefined;
  private file: PartFile | undefined;
  private appending: Promise<unknown> = Promise.resolve();
  private takenBytes = 0;
  private takenPlaces = 0;
  private bytes = 0;

  constructor(
    readonly name: string,
    private readonly files: PartFiles,
    private readonly limits: PartLimits,
  ) {
    this.end = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** Which of its limits is reached. */
  get full(): 'samples' | 'mebibytes' | undefined {
    if (this.takenPlaces >= this.limits.samples) return 'samples';
    return this.takenBytes >= this.limits.bytes ? 'mebibytes' : undefined;
  }

  add({ row, pieces }: NewSample): Promise<void> {
    this.takenPlaces += 1;
    this.takenBytes += row.length;
    return this.inTurn(async () => {
      this.file ??= await this.files.create(this.name);
      await this.file.append(pieces);
      this.samples.push({ ...row, offset: this.bytes });
      this.bytes += row.length;
    });
  }

  leaveOut(row: LeftOutRow): Promise<void> {
    this.takenPlaces += 1;
    return this.inTurn(async () => void this.leftOut.push(row));
  }

  /** What it holds when everything that was added is in it; undefined for nothing. */
  async finish(): Promise<FinishedPartFile | undefined> {
    await this.appending;
    if (this.samples.length + this.leftOut.length === 0) return undefined;
    if (!this.file) return emptyTar();
    await this.file.append([END_OF_ARCHIVE]);
    return this.file.finish();
  }

  /** Leaves nothing on the disk. */
  async remove(): Promise<void> {
    await this.appending;
    await this.file?.remove();
  }

  private inTurn(append: () => Promise<void>): Promise<void> {
    const appended = this.appending.then(append);
    this.appending = appended.catch(() => undefined);
    return appended;
  }
}

/** Of a part whose sources were all left out. */
function emptyTar(): FinishedPartFile {
  const sha256 = createHash('sha256').update(END_OF_ARCHIVE).digest('hex');
  return { body: END_OF_ARCHIVE, bytes: END_OF_ARCHIVE.length, sha256 };
}
