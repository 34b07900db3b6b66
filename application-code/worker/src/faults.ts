/**
 * Every reason for which a source object can end in the dead-letter queue. The list is closed:
 * operators filter by it.
 */
export const FAULT_CODES = [
  'MalformedMessage',
  'UnexpectedSource',
  'KeyTooLong',
  'EmptySource',
  'UnsupportedFormat',
  'HeicUnsupported',
  'Undecodable',
  'TooManyBytes',
  'TooManyPixels',
  'TooManyPages',
  'TooLargeForMemory',
  'RenditionImpossible',
  'SourceUnavailable',
  'SourceKeepsChanging',
  'DestinationUnavailable',
  'AccessDenied',
  'JobTimeout',
  'ResourcesExhausted',
  'WorkerLost',
  'Internal',
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/**
 * Something that keeps a job from being done; its class, never its text, says whether trying again
 * can help.
 */
export abstract class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Trying again cannot help: the source object itself is at fault. It is dead-lettered at once. */
export class PermanentFault extends Fault {}

/**
 * Trying again later may help: the network, a throttle, a time-out. It is released until its last
 * attempt.
 */
export class TransientFault extends Fault {}
