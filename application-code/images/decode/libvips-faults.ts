import { Fault, PermanentFault, TransientFault } from '../../worker/src/faults';
import type { Format } from '../formats';
import { unsupportedKind } from './unsupported-kind';

const SHOWN_CHARACTERS = 300;

/**
 * What libvips, libheif and libpng say when the machine is at its end, and not the picture; nothing
 * but their words tells the two apart. A file whose own numbers are beyond a decoder's limit is
 * "Security limit exceeded" for libheif.
 */
const EXHAUSTED =
  /out of memory|insufficient memory|memory allocation error|unable to create thread/i;
const LIMIT_OF_A_DECODER = /security limit exceeded/i;

/**
 * A source that was read completely and cannot be decoded will not be decoded at the next attempt
 * either. It is damaged, or of a kind that no decoder here reads.
 */
export function undecodable(cause: unknown, format: Format, source: Buffer): PermanentFault {
  const kind = unsupportedKind(format, source);
  return kind
    ? new PermanentFault(
        'UnsupportedFormat',
        `the content is ${kind}, which the decoder cannot read (libvips: ` +
          `${libvipsWords(cause)}); convert it to an ordinary JPEG, PNG or TIFF and upload that, ` +
          'since uploading it again cannot help',
        { cause },
      )
    : new PermanentFault(
        'Undecodable',
        `the picture is damaged or cut short (libvips: ${libvipsWords(cause)}); upload it again`,
        { cause },
      );
}

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

/**
 * libvips' words on one line, without control characters, short enough for a message attribute. It
 * says some of them once for every strip or thread, and libheif asks for more bytes than there are
 * when a file is whole, too.
 */
export function libvipsWords(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const lines = message.split('\n').filter((line) => !line.startsWith('source: bad seek'));
  return [...new Set(lines)]
    .join(' ')
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);
}

function wordsOf(error: unknown): string {
  return libvipsWords(error instanceof Fault ? (error.cause ?? '') : error);
}
