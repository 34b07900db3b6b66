import type { FaultCode } from '../../application-code/worker/src/faults';

const ADVICE: Readonly<Record<FaultCode | 'Unattributed', string>> = {
  MalformedMessage: 'Nothing is wrong with the photo: look at what else writes to the queue.',
  UnexpectedSource: 'Narrow the event notification to the source bucket and prefix.',
  KeyTooLong: 'Shorten its path or the name of the rendition.',
  EmptySource: 'The file has no bytes: copy it again from where it came.',
  UnsupportedFormat:
    'Its message names what it is: convert it to JPEG, PNG, WebP, AVIF, TIFF or GIF, or leave it out.',
  HeicUnsupported: 'Export it as JPEG, or set the camera to “most compatible”.',
  Undecodable: 'Open it in a viewer: it is damaged or cut off. Copy it again from where it came.',
  TooManyBytes: 'Make the file smaller, or raise MAX_SOURCE_BYTES.',
  TooManyPixels: 'Make the picture smaller, or raise MAX_SOURCE_PIXELS.',
  TooManyPages: 'Take the pages that you want out of it.',
  TooLargeForMemory: 'Give the task more memory, or make the picture smaller.',
  RenditionImpossible: 'Change the recipe: this picture cannot become what it asks for.',
  SourceUnavailable: 'Redrive it once the source bucket can be read.',
  SourceKeepsChanging: 'Redrive it once nothing writes to it any more.',
  DestinationUnavailable: 'Redrive it once the destination bucket takes objects.',
  AccessDenied: 'Check the permissions of the task role, then redrive it.',
  JobTimeout:
    'Redrive it; if it fails again, raise JOB_TIMEOUT_SECONDS or make the picture smaller.',
  ResourcesExhausted: 'Give the task more memory, then redrive it.',
  WorkerLost:
    'It ended its workers again and again: give the task more memory, or look at the log.',
  Internal: 'A defect of the worker: please report it with the message.',
  Unattributed: 'Look at the logs of the tasks that received it, then redrive it.',
};

/** What a user can do about a dead letter. */
export function adviceFor(code: string): string {
  return code in ADVICE ? ADVICE[code as keyof typeof ADVICE] : 'Look at its message.';
}
