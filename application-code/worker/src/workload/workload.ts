import type { Readable } from 'node:stream';
import type { SkippedOutput } from './recipe';

/**
 * What does the work of a job: `workload.ts` in the workload's folder, which exports `workload`. It
 * is loaded in a task alone, and may load native modules.
 */
export interface Workload<Recipe = unknown> {
  /** Called once a process, before the first job. */
  createProcessor(recipe: Recipe, limits: ProcessLimits): Processor | Promise<Processor>;
  /**
   * Checks the workload where it will run, without AWS.
   * @param write takes one line for each check.
   * @returns whether all is well.
   */
  selfTest(write: (line: string) => void): Promise<boolean>;
  /**
   * Does one job in a process of its own, which the workload has started with `--job`.
   * @returns the exit code of the process.
   */
  runJob?(): Promise<number>;
}

/** What the process may use. */
export interface ProcessLimits {
  /** Peak resident memory of the whole process. */
  readonly memoryLimitMiB: number;
  /** A larger source object is a permanent fault. */
  readonly maxSourceBytes: number;
  readonly jobTimeoutSeconds: number;
  /**
   * Source objects that are worked on at a time: two for each CPU, while more jobs wait for S3; or
   * as many jobs as their size allows.
   */
  readonly maxProcesses: number;
  /** The workload's own settings. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Processor {
  /**
   * Makes all outputs of one source object. It is called for several at a time, and chooses itself
   * when to read each.
   * @throws PermanentFault when trying again cannot help, TransientFault when it can; what a
   *   source throws passes through.
   */
  process(source: Source, context: JobContext): Promise<ProcessedSource>;
}

/** The job that a workload works for, and what the workload can say of it meanwhile. */
export interface JobContext {
  /**
   * Aborted when the job must end early. Its reason is the fault or the interruption: a time-out, a
   * message that another worker holds, a task that ends.
   */
  readonly signal: AbortSignal;
  /** Unique in its worker; it begins with the id of the message. */
  readonly id: string;
  /** Receive count of the message, 1 on the first delivery. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** When the job was first sent. */
  readonly sentAt: Date;
  /** Writes one log line with the job's id, cut at 8 KiB. */
  log(line: string): void;
  /**
   * Says how far the job is, as a log line every few seconds at most.
   * @param fraction 0 to 1.
   */
  progress(fraction: number, text: string): void;
}

/** Returns a buffer of that length, whatever it holds. */
export type Allocate = (bytes: number) => Buffer;

/** A source object. Each read starts again, and fails when a newer version has come meanwhile. */
export interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** ETag of the version that is read, in quotes, as S3 says it. */
  readonly etag: string;
  readonly contentType?: string;
  /** The whole body, in memory of `allocate`, or in its own. */
  read(allocate?: Allocate): Promise<Buffer>;
  /** The body piece by piece. It fails at its end when it is cut short or altered. */
  stream(): Promise<Readable>;
  /** Writes the body to a new file. */
  toFile(path: string): Promise<void>;
}

export interface Output {
  /** The name of its plan in the recipe. */
  readonly name: string;
  /** In memory, or the path of a file that is there until `release`. */
  readonly body: Buffer | { readonly file: string };
  readonly contentType: string;
  /** What its file in a dataset ends in, such as `txt`; by default what its key ends in. */
  readonly extension?: string;
  /** Header of the object, in ASCII; so is `contentDisposition`. */
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  /** Further metadata of the object, in ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Spent on waiting for memory, on reading the source and on making the outputs. */
export interface PhaseMilliseconds {
  readonly wait: number;
  readonly read: number;
  readonly render: number;
}

export interface ProcessedSource {
  /** One for each plan of the recipe that is not skipped. */
  readonly outputs: readonly Output[];
  /** Default: none. */
  readonly skipped?: readonly SkippedOutput[];
  /** Numbers for the log line of the job, such as `pixels`. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What a dataset's index says of the source beside its files, such as `width`. */
  readonly columns?: Readonly<Record<string, string | number>>;
  /** Its time, where the workload can tell the phases apart; by default all of it is `render`. */
  readonly milliseconds?: PhaseMilliseconds;
  /** Frees memory or files. Called once, when the outputs are written or dropped. */
  release?(): void | Promise<void>;
}
