import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalModeError } from '../../folder/errors';
import {
  baseEnvironment,
  LOCAL_ACCOUNT_ID,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  type Variables,
} from '../environment';
import type { ScratchFolder } from '../scratch-folder';

interface MinistackOptions {
  readonly python: string;
  readonly port: number;
  readonly scratch: ScratchFolder;
  /** Its health response repeats it, so that another emulator on the port is not taken for ours. */
  readonly identity: string;
  readonly startTimeoutMilliseconds?: number;
}

interface MinistackProcess {
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts ministack and waits until it answers.
 * @throws LocalModeError with the end of its output when it ends or does not answer.
 */
export async function startMinistack(
  options: MinistackOptions,
): Promise<MinistackProcess | 'port-taken'> {
  const { scratch, port } = options;
  const child = spawn(options.python, ['-I', '-m', 'ministack'], {
    cwd: scratch.path,
    // A group of its own: its Lambda processes are in it, and the terminal's Ctrl-C is not for it.
    detached: true,
    env: ministackEnvironment(scratch.path, port, options.identity),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = new OutputTail();
  tail.follow(child.stdout);
  tail.follow(child.stderr);
  if (child.pid !== undefined) scratch.guard(child.pid);
  const ended = endOf(child).then((how) => {
    killGroup(child.pid);
    return how;
  });
  if ((await untilItAnswers(options, ended, tail)) === 'port-taken') return 'port-taken';
  let stopping = false;
  return {
    died: ended.then((how) => {
      if (stopping) return new Promise<never>(() => undefined);
      return (
        `The local AWS emulator ended in the middle of the run (${how}). ` +
        `It said: ${tail.text()}`
      );
    }),
    stop: async () => {
      stopping = true;
      await scratch.remove();
      await ended;
    },
  };
}

async function untilItAnswers(
  { port, identity, startTimeoutMilliseconds = 30_000 }: MinistackOptions,
  ended: Promise<string>,
  tail: OutputTail,
): Promise<'started' | 'port-taken'> {
  const deadline = Date.now() + startTimeoutMilliseconds;
  let how: string | undefined;
  ended.then((end) => {
    how = end;
  });
  while (!(await isOurs(port, identity))) {
    if (how !== undefined) {
      if (await isTaken(port)) return 'port-taken';
      throw new LocalModeError(
        `The local AWS emulator did not start: ${how}. It said: ${tail.text()}`,
      );
    }
    if (Date.now() > deadline) {
      throw new LocalModeError(
        `The local AWS emulator did not answer within 30 seconds. It said: ${tail.text()}`,
      );
    }
    await delay(20);
  }
  return 'started';
}

/** Ends the Lambda processes that are left when ministack ends by itself. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  const exited = once(child, 'exit').then(([code, signal]: (number | string | null)[]) =>
    signal ? `killed by ${signal}` : `exit code ${code}`,
  );
  const failed = once(child, 'error').then(([error]: Error[]) => error?.message ?? 'unknown error');
  return Promise.race([exited, failed]);
}

async function isOurs(port: number, identity: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_ministack/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    const health = (await response.json()) as { readonly edition?: string };
    return health.edition === identity;
  } catch {
    return false;
  }
}

/** Whether another program has the port: it responds, or at least accepts a connection. */
async function isTaken(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch (error) {
    const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
    return cause?.code !== 'ECONNREFUSED';
  }
}

/** The end of a process's output, which explains why it ended. */
export class OutputTail {
  private tail = '';

  constructor(private readonly maxCharacters = 2_000) {}

  follow(stream: Readable): void {
    stream.on('data', (chunk: Buffer) => {
      this.tail = (this.tail + chunk.toString()).slice(-this.maxCharacters);
    });
    stream.on('error', () => undefined);
  }

  /** On one line, for the end of a sentence. */
  text(): string {
    return this.tail.trim().replaceAll(/\s*\n\s*/g, ' | ') || 'nothing';
  }
}

/**
 * The variables of ministack: only loopback, and no variable of the user. It writes all its files
 * into `folder`.
 */
export function ministackEnvironment(folder: string, port: number, identity: string): Variables {
  return {
    ...baseEnvironment(folder),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: LOCAL_ACCOUNT_ID,
    MINISTACK_REGION: LOCAL_REGION,
    MINISTACK_EDITION: identity,
    // These would listen on fixed ports, and a second emulator could not start.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    LAMBDA_EXECUTOR: 'local',
    STATE_DIR: `${folder}/state`,
    S3_DATA_DIR: `${folder}/s3`,
    LOG_LEVEL: 'WARNING',
    PYTHONUNBUFFERED: '1',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
