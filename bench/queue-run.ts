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
  /** Source objects before the measurement, and in it. */
  readonly warmUp: number;
  readonly files: number;
  /** Objects, or samples in parts. */
  readonly outputsPerFile: number;
  readonly roundTripMilliseconds: number;
  readonly tls?: Certificate;
}

export interface QueueRun {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly warmUp: Drained;
  readonly measured: Drained;
  readonly before: ProcessCost;
  readonly after: ProcessCost;
}

/** Longest time for one run: a program that hangs fails the benchmark. */
const LONGEST_RUN_MILLISECONDS = 600_000;
const MEMORY_LIMIT_MIB = 2_048;

/**
 * Runs a program against a fake of AWS, each in a process of its own. The queue is filled and
 * drained once to warm it up, then filled for the measurement, so that no job is held at its
 * beginning or its end.
 * @throws Error when the program ended, hung, or did not do the whole of its work.
 */
export async function drainQueue(program: QueueProgram, work: QueueWork): Promise<QueueRun> {
  const { warmUp, files, tls } = work;
  const aws = await openFakeAws(work);
  let child: ChildProcess | undefined;
  try {
    const drainsFirst = aws.fill(0, warmUp);
    const startedAt = epochNow();
    child = spawn(program.command, program.args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...baseVariables(), ...program.variables, ...awsVariables(aws.port, tls) },
    });
    const ended = endOf(child, program.title);
    const first = await Promise.race([drainsFirst, ended]);
    const before = costOf(pidOf(child));
    const last = await Promise.race([aws.fill(warmUp, files), ended]);
    const after = costOf(pidOf(child));
    refuseHalfDone(program, last, (warmUp + files) * work.outputsPerFile);
    return { startedAt, warmUp: first, measured: last, before, after };
  } finally {
    if (child) await end(child);
    await aws.close();
  }
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
export async function told(child: ChildProcess, title: string): Promise<unknown> {
  const heard = new AbortController();
  const { signal } = heard;
  const message = once(child, 'message', { signal }).then(([first]) => first);
  try {
    return await Promise.race([message, endOf(child, title, signal)]);
  } finally {
    heard.abort();
  }
}

/** Rejects when the process ends by itself or takes too long. */
async function endOf(child: ChildProcess, title: string, heard?: AbortSignal): Promise<never> {
  const options = { ref: false, ...(heard && { signal: heard }) };
  const [code, signal] = await Promise.race([
    once(child, 'exit', heard && { signal: heard }),
    delay(LONGEST_RUN_MILLISECONDS, ['it hangs', null] as const, options),
  ]);
  throw new Error(`${title} ended before its work was done: ${signal ?? code}`);
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process could not be started.');
  return pid;
}

/** At once, with its children, which a killed parent would leave behind. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  for (const pid of processesOf(pidOf(child))) process.kill(pid, 'SIGKILL');
  await exit;
}
