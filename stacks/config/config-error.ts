/**
 * A configuration with which nothing can be deployed; the message has one line for each of its
 * faults.
 */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
  }
}
