/** Bytes of room behind a source's own. */
const ROOM_BYTES = 16;

/** Memory for a source, with a little room behind it, so that a decoder's end can be put there. */
export function allocateSource(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes + ROOM_BYTES).subarray(0, bytes);
}

/**
 * The first bytes of a source with others behind them. A source of `allocateSource` is written to
 * in place, since a second copy is memory that is not counted; any other is copied.
 */
export function withEnding(source: Buffer, length: number, ending: Buffer): Buffer {
  const whole = Buffer.from(source.buffer, source.byteOffset);
  if (
    ending.length > ROOM_BYTES ||
    source.byteOffset > 0 ||
    whole.length !== source.length + ROOM_BYTES
  )
    return Buffer.concat([source.subarray(0, length), ending]);
  ending.copy(whole, length);
  return whole.subarray(0, length + ending.length);
}
