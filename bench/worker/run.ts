import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BenchCase, WARM_UP_SHARE } from './cases';
import type { Drained, FakeAwsNews, FakeAwsOrder } from './fake-aws/process';
import { epochNow } from './fake-aws/server';
import { costOf, processesOf } from './process-cost';
import {
  DESTINATION_BUCKET,
  DESTINATION_PREFIX,
  QUEUE_PATH,
  SOURCE_BUCKET,
  SOURCE_PREFIX,
  VISIBILITY_TIMEOUT_SECONDS,
} from './stage';
import type { Subject } from './subjects';
import type { Certificate } from './tls';

/** What one subject took for one case. */
export interface Figures {
  readonly files: number;
  readonly seconds: number;
  readonly cpuMilliseconds: number;
  /** Of the whole process, its start and warm-up included. */
  readonly peakRssMiB: number;
  /** None for who needs no AWS. */
  readonly requests: Readonly<Record<string, number>>;
  /** From the start of the process to its first receive and first write; none without AWS. */
  readonly start?: { readonly receiveMilliseconds: number; readonly writeMilliseconds: number };
}

export interface RunOptions {
  /** Holds the pictures of the case. */
  readonly folder: string;
  readonly files: number;
  readonly tls?: Certificate;
}

/** Longest time for one run: a subject that hangs fails the benchmark. */
const LONGEST_RUN_MILLISECONDS = 120_000;
const MEMORY_LIMIT_MIB = 2_048;

/**
 * Runs one subject in a process of its own against a fake of AWS in another. The queue is filled
 * and drained once to warm it up, then filled for the measurement, so that no job is held at its
 * beginning or its end.
 * @throws Error when the subject ended, hung, or did not do the whole of its work.
 */
export async function runSubject(
  subject: Subject,
  one: BenchCase,
  options: RunOptions,
): Promise<Figures> {
  return subject.name === 'sharp'
    ? runWithoutAws(subject, one, options)
    : runOnFake(subject, one, options);
}

const warmUpOf = (files: number) => Math.max(10, Math.round(files * WARM_UP_SHARE));

async function runWithoutAws(
  subject: Subject,
  one: BenchCase,
  { folder, files }: RunOptions,
): Promise<Figures> {
  const child = spawn(subject.command, subject.args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...baseVariables(one), ...subject.variables, PICTURES: folder },
  });
  try {
    await told(child, subject.title);
    const render = async (count: number) => {
      child.send({ files: count });
      return (await told(child, subject.title)) as { seconds: number };
    };
    await render(warmUpOf(files));
    const before = costOf(pidOf(child));
    const { seconds } = await render(files);
    const after = costOf(pidOf(child));
    return figuresOf(files, seconds, before, after);
  } finally {
    await end(child);
  }
}

async function runOnFake(subject: Subject, one: BenchCase, options: RunOptions): Promise<Figures> {
  const { folder, files, tls } = options;
  const warmUp = warmUpOf(files);
  const aws = fork(join(__dirname, 'fake-aws/process.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let child: ChildProcess | undefined;
  try {
    const { roundTripMilliseconds } = one;
    const settings = {
      roundTripMilliseconds,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
      ...(tls ? { tls: { key: tls.key, cert: tls.cert } } : {}),
    };
    const order = { kind: 'open', settings, folder, files: warmUp + files } as const;
    const news = (await ask(aws, order)) as Extract<FakeAwsNews, { kind: 'listening' }>;
    const drainsFirst = ask(aws, { kind: 'fill', from: 0, files: warmUp });
    const startedAt = epochNow();
    child = spawn(subject.command, subject.args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...baseVariables(one), ...subject.variables, ...awsVariables(news.port, tls) },
    });
    const ended = endOf(child, subject.title);
    const first = (await Promise.race([drainsFirst, ended])) as Drained;
    const before = costOf(pidOf(child));
    const drained = ask(aws, { kind: 'fill', from: warmUp, files });
    const last = (await Promise.race([drained, ended])) as Drained;
    const after = costOf(pidOf(child));
    refuseHalfDone(subject, last, (warmUp + files) * one.recipe.length);
    return {
      ...figuresOf(files, last.seconds, before, after),
      requests: last.requests,
      start: {
        receiveMilliseconds: first.firstReceiveAt - startedAt,
        writeMilliseconds: first.firstWriteAt - startedAt,
      },
    };
  } finally {
    if (child) await end(child);
    await end(aws);
  }
}

function figuresOf(
  files: number,
  seconds: number,
  before: ReturnType<typeof costOf>,
  after: ReturnType<typeof costOf>,
): Figures {
  const cpuMilliseconds = after.cpuMilliseconds - before.cpuMilliseconds;
  return { files, seconds, cpuMilliseconds, peakRssMiB: after.peakRssMiB, requests: {} };
}

function refuseHalfDone(
  { title }: Subject,
  { written, redeliveries, deadLetters }: Drained,
  wanted: number,
) {
  if (written === wanted && redeliveries === 0 && deadLetters.length === 0) return;
  throw new Error(
    `${title}: of ${wanted} renditions ${written} were written, ${redeliveries} messages ` +
      'came twice and ' +
      `${deadLetters.length} were dead-lettered: ${deadLetters[0] ?? ''}`,
  );
}

/** Nothing of this process but what a program needs to be found and to run. */
function baseVariables({ recipe }: BenchCase): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    RECIPE: JSON.stringify(recipe),
    SOURCE_BUCKET,
    SOURCE_PREFIX,
    DESTINATION_BUCKET,
    DESTINATION_PREFIX,
  };
}

function awsVariables(port: number, tls?: Certificate): Record<string, string> {
  const endpoint = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const trust = {
    NODE_EXTRA_CA_CERTS: tls?.file,
    AWS_CA_BUNDLE: tls?.file,
    SSL_CERT_FILE: tls?.file,
  };
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
    ...(tls ? (trust as Record<string, string>) : {}),
  };
}

async function ask(aws: ChildProcess, order: FakeAwsOrder): Promise<FakeAwsNews> {
  aws.send(order);
  return (await told(aws, 'the fake of AWS')) as FakeAwsNews;
}

async function told(child: ChildProcess, title: string): Promise<unknown> {
  const message = once(child, 'message').then(([first]) => first);
  return Promise.race([message, endOf(child, title)]);
}

/** Rejects when the process ends by itself or takes too long. */
async function endOf(child: ChildProcess, title: string): Promise<never> {
  const [code, signal] = await Promise.race([
    once(child, 'exit'),
    new Promise<[string, null]>((resolve) => {
      setTimeout(() => resolve(['it hangs', null]), LONGEST_RUN_MILLISECONDS).unref();
    }),
  ]);
  throw new Error(`${title} ended before its work was done: ${signal ?? code}`);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process could not be started.');
  return pid;
}

/** At once, with its children, which a killed parent would leave behind. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  for (const pid of processesOf(pidOf(child))) process.kill(pid, 'SIGKILL');
  await exit;
}
