/** Exit codes of every command; `spillway --help` lists them. */
export const EXIT = { done: 0, refused: 1, usage: 2, stopped: 130 } as const;

/** AWS or the pipeline's state refuses. The message is a whole sentence and all that is shown. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
}

/**
 * The command line or the configuration is wrong. The message is a whole sentence and all that is
 * shown.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Ctrl-C, SIGTERM or another request to stop. The message says how far it went and how to continue.
 */
export class InterruptError extends Error {
  override readonly name = 'InterruptError';
}
