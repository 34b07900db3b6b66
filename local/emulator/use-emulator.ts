import { LocalModeError } from '../../folder/folder-error';
import type { Emulator } from '../ports';

export interface UseEmulatorOptions {
  /** How often it is asked whether it is still there. */
  readonly watchMilliseconds?: number;
  readonly answers?: (endpoint: string) => Promise<boolean>;
}

/** Misses in a row after which it counts as gone; one may be a pause of a busy machine. */
const MISSES = 3;

/**
 * Takes an emulator that is already there (`--endpoint URL`); `stop` leaves it running.
 * @throws LocalModeError when the URL is not a loopback one or nothing answers there.
 */
export async function useEmulator(
  url: string,
  options: UseEmulatorOptions = {},
): Promise<Emulator> {
  const endpoint = loopbackEndpoint(url);
  const answers = options.answers ?? somethingAnswers;
  if (!(await answers(endpoint))) {
    throw new LocalModeError(
      `Nothing answers at ${endpoint}: start the emulator there first, or leave --endpoint out and a private one is started.`,
    );
  }
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const died = new Promise<string>((resolve) => {
    let misses = 0;
    const watch = async () => {
      misses = (await answers(endpoint)) ? 0 : misses + 1;
      if (stopped) return;
      if (misses >= MISSES)
        return resolve(`The AWS emulator at ${endpoint} does not answer any more.`);
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
      `${option} must be an http URL of this machine, such as http://127.0.0.1:4566 or http://localhost:4566, but ${url} was given.`,
    );
  }
  return parsed.origin;
}

/** The URL parser has already turned `127.1`, `0x7f000001` and the like into dotted form. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Any HTTP answer will do: which emulator it is, is the user's choice. */
async function somethingAnswers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(3_000), redirect: 'manual' });
    return true;
  } catch {
    return false;
  }
}
