/**
 * The engine's own reasons for which a source object can end in the dead-letter queue, each with
 * what a user can do. Operators filter by them.
 */
export const FAULTS = {
  MalformedMessage: 'Nothing is wrong with the file: look at what else writes to the queue.',
  UnexpectedSource: 'Narrow the event notification to the source bucket and prefix.',
  KeyTooLong: 'Shorten its path or the name of the output.',
  KeyReserved: 'Rename its folder, whose name must not end in `.out`, and upload it again.',
  EmptySource: 'The file has no bytes: copy it again from where it came.',
  TooManyBytes: 'Make the file smaller, or raise MAX_SOURCE_BYTES.',
  SourceUnavailable: 'Redrive it once the source bucket can be read.',
  SourceKeepsChanging: 'Redrive it once nothing writes to it any longer.',
  DestinationUnavailable: 'Redrive it once the destination bucket takes objects.',
  AccessDenied: 'Check the permissions of the task role, then redrive it.',
  NoLabel:
    'Move it to where the pattern of labels matches its key, or change the pattern, then redrive ' +
    'it.',
  JobTimeout: 'Redrive it; if it fails again, raise JOB_TIMEOUT_SECONDS or make the file smaller.',
  ResourcesExhausted: 'Give the task more memory, then redrive it.',
  WorkerLost:
    'It ended its workers again and again: give the task more memory, or look at the log.',
  Interrupted:
    'Its tasks ended before it did, as Spot does, or other jobs disturbed it: run it on demand, ' +
    'make it shorter or give the task more room, then redrive it.',
  Internal: 'A defect of the worker: please report it with the message.',
} as const;

/** Codes of workloads; each workload adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: workloads fill it
export interface WorkloadFaultCodes {}

export type FaultCode = keyof typeof FAULTS | keyof WorkloadFaultCodes;

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
 * The recipe leaves sources like this one out on purpose. In a dataset it is counted and has a
 * reason there; where outputs are objects, it is a permanent fault like any other.
 */
export class LeftOutFault extends PermanentFault {
  constructor(
    code: FaultCode,
    message: string,
    /** Name of the output that is not made. */
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}

/**
 * Trying again later may help: the network, a throttle, a time-out. It is released until its last
 * attempt.
 */
export class TransientFault extends Fault {}

/**
 * A transient fault that no single object causes: S3 itself fails, or the destination takes
 * nothing.
 */
export class SharedFault extends TransientFault {}

/**
 * A transient fault that its workload knows to be the job's own, although its code could be that of
 * an outage: a program took too long, while no bucket was asked for anything. It holds also after
 * the job was told to end.
 */
export class OwnFault extends TransientFault {}

/**
 * Thrown for a job that ends early and is not at fault: it is released, and the receive does not
 * count as an attempt. How often that may happen to a job is bounded.
 */
export class Interruption extends Error {}

/** What was not foreseen is worth trying again: another worker may not meet it. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TransientFault('Internal', text, { cause: error });
}
