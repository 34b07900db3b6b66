import type { PipelineSettings } from '../stacks/config/blueprint-config';

const MIB = 1024 * 1024;
/** From this size on the worker writes a file in pieces of it. */
const PIECE_BYTES = 8 * MIB;

/** What was written. */
export interface Writes {
  readonly jobs: number;
  /** Each of them ends with a part that is not full. */
  readonly tasks: number;
  readonly outputsPerObject: number;
  /** Bytes of a sample in its tar. */
  readonly sampleBytes: number;
}

/** A job reads its source, and looks at it again where its outputs replace others. */
export function getsOf(destination: PipelineSettings['destination'], jobs: number): number {
  return destination.kind === 'objects' ? 2 * jobs : jobs;
}

/** Requests to S3 that cost as much as a PUT: one for each output, or those of parts. */
export function putsOf(destination: PipelineSettings['destination'], writes: Writes): number {
  const { jobs, tasks, outputsPerObject, sampleBytes } = writes;
  if (destination.kind === 'objects') return jobs * outputsPerObject;
  const samples = Math.min(
    destination.samples,
    Math.ceil((destination.mebibytes * MIB) / sampleBytes),
  );
  return Math.ceil(jobs / samples) * putsOfPart(samples * sampleBytes) + tasks * putsOfPart(0);
}

/**
 * The tar and its index. An upload in pieces begins and ends with a request of its own:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuploadpricing
 */
function putsOfPart(bytes: number): number {
  const pieces = Math.ceil(bytes / PIECE_BYTES);
  return (pieces > 1 ? pieces + 2 : 1) + 1;
}
