import { PermanentFault } from '../faults';

const SHOWN_CHARACTERS = 300;

/** A source that was read completely and cannot be decoded will not be decoded at the next attempt either. */
export function undecodable(cause: unknown): PermanentFault {
  return new PermanentFault(
    'Undecodable',
    `the picture is damaged or cut short (libvips: ${printable(cause)}); upload it again`,
    { cause },
  );
}

/** libvips' words on one line, without control characters, short enough for a message attribute. */
export function printable(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);
}
