/**
 * The engine's own reasons for which a source object can end in the dead-letter queue. Operators
 * filter by them.
 */
export const FAULT_CODES = [
  'MalformedMessage',
  'UnexpectedSource',
  'KeyTooLong',
  'EmptySource',
  'TooManyBytes',
  'SourceUnavailable',
  'SourceKeepsChanging',
  'DestinationUnavailable',
  'AccessDenied',
  'JobTimeout',
  'ResourcesExhausted',
  'WorkerLost',
  'Interrupted',
  'Internal',
] as const;

/** Codes of workloads; each workload adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: workloads fill it
export interface WorkloadFaultCodes {}

export type FaultCode = (typeof FAULT_CODES)[number] | keyof WorkloadFaultCodes;

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

/**
 * Thrown for a job that ends early and is not at fault: it is released, and the receive does not
 * count as an attempt. How often that may happen to a job is bounded.
 */
export class Interruption extends Error {}
