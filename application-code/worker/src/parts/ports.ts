import type { Output } from '../workload/workload';

/** What a part needs of a disk. `part-file.ts` implements it, tests in memory. */

/** A file that grows at its end. */
export interface PartFile {
  /**
   * Writes pieces at its end: what is in memory, or the content of another file. When that fails,
   * the next call writes over what it has left.
   * @throws TransientFault `ResourcesExhausted` when the disk is full.
   */
  append(pieces: readonly Output['body'][]): Promise<void>;
  /** Ends writing. To be called once. */
  finish(): Promise<FinishedPartFile>;
  remove(): Promise<void>;
}

/** A file that is complete. */
export interface FinishedPartFile {
  readonly body: Output['body'];
  readonly bytes: number;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
}

export interface PartFiles {
  /** @param name unique among the files of one machine. */
  create(name: string): Promise<PartFile>;
}
