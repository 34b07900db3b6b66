import { PermanentFault } from '../../worker/src/faults';
import type { Format } from '../formats';
import { unsupportedKind } from './unsupported-kind';

const SHOWN_CHARACTERS = 300;

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
          `${printable(cause)}); convert it to an ordinary JPEG, PNG or TIFF and upload that, ` +
          'since uploading it again cannot help',
        { cause },
      )
    : new PermanentFault(
        'Undecodable',
        `the picture is damaged or cut short (libvips: ${printable(cause)}); upload it again`,
        { cause },
      );
}

/**
 * libvips' words on one line, without control characters, short enough for a message attribute. It
 * says some of them once for every strip or thread, and libheif asks for more bytes than there are
 * when a file is whole, too.
 */
export function printable(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const lines = message.split('\n').filter((line) => !line.startsWith('source: bad seek'));
  return [...new Set(lines)]
    .join(' ')
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);
}
