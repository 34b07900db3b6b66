import { LocalModeError } from '../../folder/errors';
import type { Emulator } from '../ports';

export interface UseEmulatorOptions {
  /** Time between two checks that the emulator answers. */
  readonly watchMilliseconds?: number;
  readonly answers?: (endpoint: string) => Promise<boolean>;
}

/** Failed checks in a row after which the emulator is gone. One may be a busy machine. */
const MISSES = 3;

/**
 * Uses an emulator that already runs (`--endpoint URL`). `stop` leaves it running.
 * @throws LocalModeError when the URL is not one of this machine, or nothing answers there.
 */
export async function useEmulator(
  url: string,
  options: UseEmulatorOptions = {},
): Promise<Emulator> {
  const endpoint = loopbackEndpoint(url);
  const answers = options.answers ?? somethingAnswers;
  if (!(await answers(endpoint))) {
    throw new LocalModeError(
      `Nothing answers at ${endpoint}: start the emulator there first, ` +
        'or leave --endpoint out to start a private one.',
    );
  }
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const died = new Promise<string>((resolve) => {
    let misses = 0;
    const watch = async () => {
      misses = (await answers(endpoint)) ? 0 : misses + 1;
      if (stopped) return;
      if (misses >= MISSES) return resolve(`The AWS emulator at ${endpoint} no longer answers.`);
      timer = setTimeout(watch, options.watchMilliseconds ?? 1_000).unref();
    };
    timer = setTimeout(watch, options.watchMilliseconds ?? 1_000).unref();
  });
  return {
    endpoint,
    died,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * The origin of a loopback URL. Local mode empties queues and deletes objects, so it must never
 * reach another machine.
 * @throws LocalModeError for any other URL.
 */
export function loopbackEndpoint(url: string, option = '--endpoint'): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain =
    parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
  if (!parsed || !plain || !isLoopback(parsed.hostname)) {
    throw new LocalModeError(
      `${option} must be an http URL of this machine, such as http://127.0.0.1:4566 ` +
        `or http://localhost:4566, but ${url} was given.`,
    );
  }
  return parsed.origin;
}

/** The URL parser turns `127.1`, `0x7f000001` and similar forms into the dotted form. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Any HTTP response will do, since the user chooses the emulator. */
async function somethingAnswers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(3_000), redirect: 'manual' });
    return true;
  } catch {
    return false;
  }
}
