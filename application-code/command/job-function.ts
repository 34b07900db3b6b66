import { writeFileSync } from 'node:fs';
import type { JobContext, Source } from '../worker/src/workload/workload';
import type { JsonObject } from './definition';
import { givenJob } from './environment';
import { PROGRAM_EXITS } from './run/ending';

/** What a function learns about its job. */
export interface FunctionJob
  extends Pick<JobContext, 'id' | 'attempt' | 'maxAttempts' | 'sentAt' | 'log' | 'progress'> {
  /** Path of the file that the source object was copied to. */
  readonly input: string;
  /** Path of the folder for the outputs. */
  readonly output: string;
  readonly source: Pick<Source, 'bucket' | 'key' | 'etag' | 'bytes' | 'contentType'>;
  readonly recipe: JsonObject;
  /** CPUs and memory that the job may take. */
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Aborted when the job must end: ten seconds later its process is killed. */
  readonly signal: AbortSignal;
}

/**
 * Does one job in a process of its own.
 * @throws JobRejected when the object can never be done, TryAgain when it can be done later.
 *   Anything else that is thrown is a `JobFailed`, which is tried again.
 */
export type JobFunction = (job: FunctionJob) => void | Promise<void>;

/** This object can never be done; the message says why, in a line of the dead letter. */
export class JobRejected extends Error {}

/** The job can be done later; the message says what it lacks. */
export class TryAgain extends Error {}

/** The streams of the process and what tells it to end. */
export interface JobProcess {
  readonly write: (line: string) => void;
  readonly writeError: (line: string) => void;
  readonly signal: AbortSignal;
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const LONG_MILLISECONDS = 2 ** 30;

/**
 * Calls the function with what this process is told by its environment.
 * @returns the exit code of the process.
 */
export async function runJobFunction(
  job: JobFunction,
  { write, writeError, signal, variables }: JobProcess = thisProcess(),
): Promise<number> {
  const { progressFile, ...given } = givenJob(variables);
  // Node would end with code 0 while the function waits for what opens no handle.
  const alive = setInterval(() => undefined, LONG_MILLISECONDS);
  try {
    await job({
      ...given,
      signal,
      log: write,
      progress: (fraction, text) => writeFileSync(progressFile, `${fraction} ${text}\n`),
    });
    return 0;
  } catch (error) {
    if (error instanceof Error && !isVerdict(error)) write(error.stack ?? '');
    writeError(sentence(error));
    return exitCodeOf(error);
  } finally {
    clearInterval(alive);
  }
}

function thisProcess(): JobProcess {
  const end = new AbortController();
  process.once('SIGTERM', () => end.abort(new Error('The worker has told the job to end.')));
  return {
    write: (line) => void process.stdout.write(`${line}\n`),
    writeError: (line) => void process.stderr.write(`${line}\n`),
    signal: end.signal,
  };
}

function isVerdict(error: unknown): boolean {
  return error instanceof JobRejected || error instanceof TryAgain;
}

/** In one line, since the last one is the reason. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = isVerdict(error) ? error.message : `${error.name}: ${error.message}`;
  return text.replace(/\s+/g, ' ');
}

function exitCodeOf(error: unknown): number {
  if (error instanceof JobRejected) return PROGRAM_EXITS.rejected;
  return error instanceof TryAgain ? PROGRAM_EXITS.tryAgain : 1;
}
