import type { FAULT_CODES } from '../../application-code/worker/src/faults';
import { recipeOf } from '../../application-code/workloads';
import { UNATTRIBUTED } from '../files/dead-letter';

/** For the faults of the engine. The workload has its own. */
const ADVICE: Readonly<Record<(typeof FAULT_CODES)[number] | typeof UNATTRIBUTED, string>> = {
  MalformedMessage: 'Nothing is wrong with the file: look at what else writes to the queue.',
  UnexpectedSource: 'Narrow the event notification to the source bucket and prefix.',
  KeyTooLong: 'Shorten its path or the name of the output.',
  EmptySource: 'The file has no bytes: copy it again from where it came.',
  TooManyBytes: 'Make the file smaller, or raise MAX_SOURCE_BYTES.',
  SourceUnavailable: 'Redrive it once the source bucket can be read.',
  SourceKeepsChanging: 'Redrive it once nothing writes to it any longer.',
  DestinationUnavailable: 'Redrive it once the destination bucket takes objects.',
  AccessDenied: 'Check the permissions of the task role, then redrive it.',
  JobTimeout: 'Redrive it; if it fails again, raise JOB_TIMEOUT_SECONDS or make the file smaller.',
  ResourcesExhausted: 'Give the task more memory, then redrive it.',
  WorkerLost:
    'It ended its workers again and again: give the task more memory, or look at the log.',
  Interrupted:
    'Its tasks ended before it did, as Spot does: run it on demand or make it shorter, then ' +
    'redrive it.',
  Internal: 'A defect of the worker: please report it with the message.',
  [UNATTRIBUTED]: 'Look at the logs of the tasks that received it, then redrive it.',
};

/** What a user can do about a dead letter. */
export function adviceFor(code: string, workload: string): string {
  const advice = new Map(Object.entries({ ...recipeOf(workload).faults, ...ADVICE }));
  return advice.get(code) ?? 'Look at its message.';
}
