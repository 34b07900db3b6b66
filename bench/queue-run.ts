import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Drained, FakeAwsNews, FakeAwsOrder } from './fake-aws/process';
import { epochNow } from './fake-aws/server';
import { costOf, type ProcessCost, processesOf } from './process-cost';
import type { Certificate } from './tls';
import {
  DESTINATION_BUCKET,
  DESTINATION_PREFIX,
  QUEUE_PATH,
  SOURCE_BUCKET,
  SOURCE_PREFIX,
  VISIBILITY_TIMEOUT_SECONDS,
} from './upload-events';

/** A program that drains the queue. */
export interface QueueProgram {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Besides those of {@link baseVariables} and of AWS. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface QueueWork {
  /** Its files are the source objects, in turn. */
  readonly folder: string;
  /** Source objects before the first measurement, and in all measurements. */
  readonly warmUp: number;
  readonly files: number;
  /** Objects, or samples in parts. */
  readonly outputsPerFile: number;
  readonly roundTripMilliseconds: number;
  readonly tls?: Certificate;
}

/** What a program took for one filling of the queue. */
export interface QueueRun {
  readonly measured: Drained;
  readonly before: ProcessCost;
  readonly after: ProcessCost;
}

/** A program that has drained its warm-up and waits for more. */
export interface RunningProgram {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly warmUp: Drained;
  /**
   * Fills the queue with the next files, so that no job is held at its beginning or its end.
   * @throws Error when the program ended, hung, or did not do the whole of its work.
   */
  drain(files: number): Promise<QueueRun>;
  close(): Promise<void>;
}

/** Longest time for one run: a program that hangs fails the benchmark. */
const LONGEST_RUN_MILLISECONDS = 600_000;
const MEMORY_LIMIT_MIB = 2_048;

/** Starts a program against a fake of AWS, each in a process of its own, and measures it once. */
export async function drainQueue(program: QueueProgram, work: QueueWork): Promise<QueueRun> {
  const running = await startProgram(program, work);
  try {
    return await running.drain(work.files);
  } finally {
    await running.close();
  }
}

/**
 * Starts a program against a fake of AWS, each in a process of its own, which may be measured as
 * often as there are files.
 * @throws Error as {@link RunningProgram.drain} does.
 */
export async function startProgram(
  program: QueueProgram,
  work: QueueWork,
): Promise<RunningProgram> {
  const aws = await openFakeAws(work);
  let child: ChildProcess | undefined;
  const close = async () => {
    if (child) await end(child);
    await aws.close();
  };
  try {
    const drainsFirst = aws.fill(0, work.warmUp);
    const startedAt = epochNow();
    const started = startChild(program, aws.port, work.tls);
    child = started;
    const warmUp = await unlessEnded(started, program.title, () => drainsFirst);
    let done = work.warmUp;
    const drain = async (files: number) => {
      const before = costOf(pidOf(started));
      const measured = await unlessEnded(started, program.title, () => aws.fill(done, files));
      const after = costOf(pidOf(started));
      done += files;
      refuseHalfDone(program, measured, done * work.outputsPerFile);
      return { before, after, measured };
    };
    return { startedAt, warmUp, drain, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startChild({ command, args, variables }: QueueProgram, port: number, tls?: Certificate) {
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...baseVariables(), ...variables, ...awsVariables(port, tls) },
  });
}

/** The fake of AWS in a process of its own, with objects for a warm-up and a measurement. */
export async function openFakeAws(
  work: Pick<QueueWork, 'folder' | 'warmUp' | 'files' | 'roundTripMilliseconds' | 'tls'>,
) {
  const { folder, warmUp, files, roundTripMilliseconds, tls } = work;
  const child = fork(join(__dirname, 'fake-aws/process.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ask = async (order: FakeAwsOrder) => {
    child.send(order);
    return (await told(child, 'the fake of AWS')) as FakeAwsNews;
  };
  const settings = {
    roundTripMilliseconds,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    ...(tls ? { tls: { key: tls.key, cert: tls.cert } } : {}),
  };
  const news = await ask({ kind: 'open', settings, folder, files: warmUp + files });
  return {
    port: (news as Extract<FakeAwsNews, { kind: 'listening' }>).port,
    /** Puts messages in, from that object on. @returns when all are acknowledged. */
    fill: async (from: number, count: number) =>
      (await ask({ kind: 'fill', from, files: count })) as Drained,
    close: () => end(child),
  };
}

function refuseHalfDone(
  { title }: QueueProgram,
  { written, redeliveries, deadLetters }: Drained,
  wanted: number,
) {
  if (written === wanted && redeliveries === 0 && deadLetters.length === 0) return;
  throw new Error(
    `${title}: of ${wanted} outputs ${written} were written, ${redeliveries} messages ` +
      'came twice and ' +
      `${deadLetters.length} were dead-lettered: ${deadLetters[0] ?? ''}`,
  );
}

/** Nothing of this process but what a program needs to be found and to run. */
export function baseVariables(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    SOURCE_BUCKET,
    SOURCE_PREFIX,
    DESTINATION_BUCKET,
    DESTINATION_PREFIX,
  };
}

export function awsVariables(port: number, tls?: Certificate): Record<string, string> {
  const endpoint = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    AWS_ACCESS_KEY_ID: '123456789012',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    QUEUE_URL: `${endpoint}${QUEUE_PATH}`,
    DEAD_LETTER_QUEUE_URL: `${endpoint}${QUEUE_PATH}-dead-letters`,
    VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
    MEMORY_LIMIT_MIB: String(MEMORY_LIMIT_MIB),
    ...(tls && {
      NODE_EXTRA_CA_CERTS: tls.file,
      AWS_CA_BUNDLE: tls.file,
      SSL_CERT_FILE: tls.file,
    }),
  };
}

/** The next message of a process. */
export function told(child: ChildProcess, title: string): Promise<unknown> {
  return unlessEnded(child, title, async (signal) => {
    const [message] = await once(child, 'message', { signal });
    return message;
  });
}

/** Rejects when the process ends by itself, has ended, or takes too long. */
async function unlessEnded<Result>(
  child: ChildProcess,
  title: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const settled = new AbortController();
  try {
    return await Promise.race([work(settled.signal), endOf(child, title, settled.signal)]);
  } finally {
    settled.abort();
  }
}

async function endOf(child: ChildProcess, title: string, settled: AbortSignal): Promise<never> {
  const [code, signal] = hasEnded(child)
    ? [child.exitCode, child.signalCode]
    : await Promise.race([
        once(child, 'exit', { signal: settled }),
        delay(LONGEST_RUN_MILLISECONDS, ['it hangs', null] as const, {
          ref: false,
          signal: settled,
        }),
      ]);
  throw new Error(`${title} ended before its work was done: ${signal ?? code}`);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process could not be started.');
  return pid;
}

/** At once, with its children, which a killed parent would leave behind. */
export async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  for (const pid of processesOf(pidOf(child))) process.kill(pid, 'SIGKILL');
  await exit;
}
