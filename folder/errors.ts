/** Something that the user can fix. Print its message without a stack trace, and exit with 1. */
export class LocalModeError extends Error {
  override readonly name = 'LocalModeError';
}

/** The system's own code of an error, such as `EACCES`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
