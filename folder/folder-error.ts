/** Something that the user can fix. Print its message without a stack trace, and exit with 1. */
export class LocalModeError extends Error {
  override readonly name = 'LocalModeError';
}
