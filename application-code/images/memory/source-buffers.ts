/** Bytes of room behind a source's own. */
const ROOM_BYTES = 16;

/**
 * Smaller ones the allocator keeps itself. Of large ones it merges what lies beside them each time,
 * or has the system map and clear new pages, which for eight megabytes took a twentieth of the CPU
 * time of the decode.
 */
const MIN_KEPT_BYTES = 512 * 1024;
/** More would only fill memory: a buffer is taken again as soon as the next source is read. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** A buffer may be larger than a source by this part, which no job accounts for. */
const MAX_SLACK = 1 / 8;

const allocated = new WeakSet<ArrayBufferLike>();

/** Memory for sources. Large buffers are used again when their source is no longer needed. */
export class SourceBuffers {
  private kept: ArrayBufferLike[] = [];

  /** Memory for a source, with a little room behind it, so that a decoder's end fits in there. */
  readonly allocate = (bytes: number): Buffer => {
    const needed = bytes + ROOM_BYTES;
    const at = this.kept.findIndex(
      ({ byteLength }) => byteLength >= needed && byteLength <= needed * (1 + MAX_SLACK),
    );
    const [buffer = Buffer.allocUnsafeSlow(needed).buffer] = at < 0 ? [] : this.kept.splice(at, 1);
    allocated.add(buffer);
    return Buffer.from(buffer, 0, bytes);
  };

  /** Takes a buffer of `allocate` back, which no one may read or write any longer. */
  keep({ buffer }: Buffer): void {
    const keptBytes = this.kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const fits = keptBytes + buffer.byteLength <= MAX_KEPT_BYTES;
    if (allocated.has(buffer) && buffer.byteLength >= MIN_KEPT_BYTES && fits)
      this.kept.push(buffer);
  }

  /** Leaves what is kept to the garbage collection. */
  clear(): void {
    this.kept = [];
  }
}

/**
 * The first bytes of a source with others behind them. A source of `SourceBuffers` is written to
 * in place, since a second copy is memory that is not counted; any other is copied.
 */
export function withEnding(source: Buffer, length: number, ending: Buffer): Buffer {
  const isOurs = allocated.has(source.buffer) && source.byteOffset === 0;
  const end = length + ending.length;
  if (!isOurs || end > source.buffer.byteLength)
    return Buffer.concat([source.subarray(0, length), ending]);
  const whole = Buffer.from(source.buffer, 0, end);
  ending.copy(whole, length);
  return whole;
}
