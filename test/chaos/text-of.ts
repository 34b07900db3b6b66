/** An error with its stack. */
export const textOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
