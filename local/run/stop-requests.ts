/** How a user asks a run to end: Ctrl-C, a closed terminal, `kill`. */
export interface StopRequests {
  /** Aborted by the first request, which asks to stop in order. */
  readonly signal: AbortSignal;
  /** 128 plus the signal's number, as in shells; undefined before the first request. */
  exitCode(): number | undefined;
  /** Stops listening. */
  close(): void;
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof NUMBERS;

/**
 * npm forwards Ctrl-C to a process that has already received it from the terminal, so that one key
 * press arrives twice within a moment.
 */
const SAME_KEY_PRESS_MILLISECONDS = 500;

/** The part of `process` that is needed. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/** Listens for requests to stop; the second one calls `force` with the exit code. */
export function listenForStop(
  source: SignalSource,
  force: (exitCode: number) => void,
  now: () => number = Date.now,
): StopRequests {
  const controller = new AbortController();
  let first: { readonly at: number; readonly code: number } | undefined;
  const listeners = (Object.keys(NUMBERS) as StopSignal[]).map((signal) => {
    const listener = () => {
      const code = 128 + NUMBERS[signal];
      if (first === undefined) {
        first = { at: now(), code };
        controller.abort();
      } else if (now() - first.at >= SAME_KEY_PRESS_MILLISECONDS) force(code);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    signal: controller.signal,
    exitCode: () => first?.code,
    close: () => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}

/** The part of an output stream that is needed. */
export interface OutputStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * A reader that closes the output, such as `head`, is a request to stop in order. Each later write
 * fails, too, and only the first failure counts.
 * @param source gets a SIGINT.
 * @param end called with the exit code when `source` has no listener.
 */
export function stopWithReader(
  streams: readonly OutputStream[],
  source: { emit(signal: StopSignal): boolean },
  end: (exitCode: number) => void,
): void {
  let isGone = false;
  const listener = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (isGone) return;
    isGone = true;
    if (!source.emit('SIGINT')) end(128 + NUMBERS.SIGINT);
  };
  for (const stream of streams) stream.on('error', listener);
}
