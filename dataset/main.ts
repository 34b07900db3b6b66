import { EXIT_CODES } from '../application-code/worker/src/log-lines';
import { createClient, openPorts } from './aws/open-ports';
import { DatasetEnvironmentError, readEnvironment } from './environment';
import { DatasetError } from './faults';
import type { ListedSource, ProgressLine } from './ports';
import { parseArgument, RequestError } from './request';
import { runRequest } from './run';

/** Between two lines that say how far a step is. */
const PROGRESS_MILLISECONDS = 5_000;

/** Lines that name a source without a sample; the result says how many there are. */
const MOST_LACKING_LINES = 10_000;

/**
 * The entry of a task that finishes or verifies the dataset of its pipeline. It logs JSON lines;
 * the last one is the result.
 */
export function main(argv: readonly string[], now: () => number = Date.now): void {
  const log = (line: object) =>
    console.log(JSON.stringify({ time: new Date(now()).toISOString(), ...line }));
  run(argv, log, now).then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error: unknown) => {
      log({ level: 'error', event: 'dataset-failed', message: messageOf(error) });
      process.exitCode = isUsage(error) ? EXIT_CODES.usage : EXIT_CODES.error;
    },
  );
}

type Log = (line: object) => void;

async function run([argument]: readonly string[], log: Log, now: () => number): Promise<number> {
  const { request, suffixes } = parseArgument(argument);
  const environment = readEnvironment();
  const { sourceBucket, sourcePrefix, destinationBucket, destinationPrefix } = environment;
  const owner = environment.expectedBucketOwner;
  const owned = owner === undefined ? {} : { owner };
  const source = { bucket: sourceBucket, prefix: sourcePrefix };
  const { ports, close } = openPorts(
    createClient(environment.endpoint !== undefined || environment.s3Endpoint !== undefined),
    {
      source: { ...source, ...owned },
      destination: { bucket: destinationBucket, prefix: destinationPrefix, ...owned },
      suffixes,
    },
    progressLog(log, now),
  );
  try {
    const result = await runRequest(ports, request, {
      place: { prefix: destinationPrefix, source },
      now,
      onLacking: lackingLog(log),
    });
    log({ level: 'info', ...result });
    return 'problems' in result && result.problems.length > 0 ? EXIT_CODES.error : EXIT_CODES.ok;
  } finally {
    close();
  }
}

/** The first and the last line of each step, and one every few seconds between them. */
function progressLog(log: Log, now: () => number): (line: ProgressLine) => void {
  let next = 0;
  return (line) => {
    const isLast = 'of' in line && Object.values(line).filter((n) => n === line.of).length > 1;
    if (!isLast && now() < next) return;
    next = now() + PROGRESS_MILLISECONDS;
    log({ level: 'info', ...line });
  };
}

function lackingLog(log: Log): (source: ListedSource) => void {
  let lines = 0;
  return ({ key }) => {
    lines += 1;
    if (lines <= MOST_LACKING_LINES) log({ level: 'warn', event: 'lacking', key });
  };
}

const isUsage = (error: unknown) =>
  error instanceof RequestError || error instanceof DatasetEnvironmentError;

/** An error that no fault explains keeps its trace. */
function messageOf(error: unknown): string {
  if (error instanceof DatasetError || isUsage(error)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
