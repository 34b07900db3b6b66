/**
 * Something that the user can mend. Its message is complete: print it without a stack trace and
 * exit with 1.
 */
export class LocalModeError extends Error {
  override readonly name = 'LocalModeError';
}
