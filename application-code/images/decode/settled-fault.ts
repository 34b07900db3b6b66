import { Fault, PermanentFault, TransientFault } from '../../worker/src/faults';
import { printable } from './undecodable';

/**
 * What libvips, libheif and libpng say when the machine is at its end, and not the picture; nothing
 * but their words tells the two apart. A file whose own numbers are beyond a decoder's limit is
 * "Security limit exceeded" for libheif.
 */
const EXHAUSTED =
  /out of memory|insufficient memory|memory allocation error|unable to create thread/i;
const LIMIT_OF_A_DECODER = /security limit exceeded/i;

/** Whether a failure is the machine's and not the picture's. */
export function isExhausted(error: unknown): boolean {
  const words = wordsOf(error);
  return EXHAUSTED.test(words) && !LIMIT_OF_A_DECODER.test(words);
}

/**
 * The fault of a job that failed a second time with libvips for itself alone. What repeats then
 * will repeat on every attempt, so that it is permanent; a lack of memory or threads may pass.
 */
export function settledFault(error: unknown): Fault {
  const words = wordsOf(error);
  if (isExhausted(error)) {
    return new TransientFault(
      'ResourcesExhausted',
      `the task ran out of memory or threads (libvips: ${words}); it is tried again; raise ` +
        'memoryMiB if that does not help',
      { cause: error },
    );
  }
  return error instanceof Fault
    ? error
    : new PermanentFault('Internal', `the picture cannot be rendered (${words}); report it`, {
        cause: error,
      });
}

function wordsOf(error: unknown): string {
  return printable(error instanceof Fault ? (error.cause ?? '') : error);
}
