import { type Hold, MemoryPool } from './memory-pool';

/** Part of the budget that sources may take. */
const SOURCE_SHARE = 1 / 3;

/**
 * Bytes of sources, for each decoder, that may wait for one; a single source may be larger. More
 * would take memory without saving time: other bodies wait in their connections meanwhile.
 */
const AHEAD_BYTES_PER_DECODER = 16 * 1024 * 1024;

/**
 * Shares a budget of bytes, and the decoders, among jobs.
 *
 * Four things are taken, always in this order and never in another, so that no jobs wait in a
 * circle: a place in the line for a decoder, room for the source, a decoder, room for decoding.
 * Sources take at most a third of the budget, decoding the rest. A job that does not fit into these
 * shares takes the whole of both: it waits in the same queue as all, holding nothing, and has the
 * process to itself.
 */
export class Admission {
  private readonly sources: MemoryPool;
  private readonly ahead: MemoryPool;
  private readonly decodingPool: MemoryPool;
  private readonly decoders: MemoryPool;

  constructor(
    readonly budgetBytes: number,
    decoders: number,
  ) {
    this.sources = new MemoryPool(Math.floor(budgetBytes * SOURCE_SHARE));
    this.decodingPool = new MemoryPool(budgetBytes - this.sources.capacity);
    this.decoders = new MemoryPool(decoders);
    this.ahead = new MemoryPool(decoders * AHEAD_BYTES_PER_DECODER);
  }

  /** Bytes given out now: never above the budget. */
  get heldBytes(): number {
    return this.sources.held + this.decodingPool.held;
  }

  /** Bytes that are free. */
  get freeBytes(): number {
    return this.budgetBytes - this.heldBytes;
  }

  /** Bytes given out for sources. */
  get sourceBytes(): number {
    return this.sources.held;
  }

  /** Decoders at work now. */
  get decoding(): number {
    return this.decoders.held;
  }

  /** Whether a source and its decoding go beside others. */
  fitsBesideOthers({ sourceBytes, decodeBytes }: Need): boolean {
    return sourceBytes <= this.sources.capacity && decodeBytes <= this.decodingPool.capacity;
  }

  /** Whether a source and its decoding fit at all. */
  fitsAlone({ sourceBytes, decodeBytes }: Need): boolean {
    return sourceBytes + decodeBytes <= this.budgetBytes;
  }

  /**
   * Waits for room for a source, beside others or, for one that needs more than the shares, alone.
   */
  enter(need: Need, signal: AbortSignal): Promise<Room> {
    return this.fitsBesideOthers(need) ? this.beside(need.sourceBytes, signal) : this.alone(signal);
  }

  private async beside(sourceBytes: number, signal: AbortSignal): Promise<Room> {
    const ahead = Math.min(sourceBytes, this.ahead.capacity);
    const place = await this.ahead.acquire(ahead, signal);
    try {
      const source = await this.sources.acquire(sourceBytes, signal);
      return new Room({ source, place }, sourceBytes, (bytes) =>
        this.acquireDecoder(bytes, signal),
      );
    } catch (error) {
      place.release();
      throw error;
    }
  }

  private async alone(signal: AbortSignal): Promise<Room> {
    const source = await this.sources.acquire(this.sources.capacity, signal);
    try {
      const held = await this.acquireDecoder(this.decodingPool.capacity, signal);
      return new Room({ source }, this.budgetBytes, async () => held, held);
    } catch (error) {
      source.release();
      throw error;
    }
  }

  private async acquireDecoder(bytes: number, signal: AbortSignal): Promise<Decoding> {
    const decoder = await this.decoders.acquire(1, signal);
    try {
      return { decoder, memory: await this.decodingPool.acquire(bytes, signal) };
    } catch (error) {
      decoder.release();
      throw error;
    }
  }
}

/** What a job takes of the budget, in bytes. */
export interface Need {
  readonly sourceBytes: number;
  /** 0 before the source's header is read. */
  readonly decodeBytes: number;
}

interface Decoding {
  readonly decoder: Hold;
  readonly memory: Hold;
}

/** What one job holds, from before its source is fetched until its renditions are written. */
export class Room {
  constructor(
    private readonly holds: { readonly source: Hold; readonly place?: Hold },
    /** Bytes that the source may have. */
    readonly sourceBytes: number,
    private readonly takeDecoder: (bytes: number) => Promise<Decoding>,
    private decoding?: Decoding,
  ) {
    this.exclusive = decoding !== undefined;
  }

  /** Whether no other job has any memory meanwhile. */
  readonly exclusive: boolean;

  /** Waits for a decoder and its memory. */
  async startDecoding(bytes: number): Promise<void> {
    this.decoding = await this.takeDecoder(bytes);
    this.holds.place?.release();
  }

  /**
   * The source's buffer is dropped and the decoder is free again; only the bytes of the renditions
   * stay.
   */
  finishDecoding(renditionBytes: number): void {
    this.holds.place?.release();
    this.decoding?.memory.shrinkTo(renditionBytes);
    this.holds.source.shrinkTo(renditionBytes - (this.decoding?.memory.amount ?? 0));
    this.decoding?.decoder.release();
  }

  /** Releases everything; harmless when repeated. */
  release(): void {
    this.finishDecoding(0);
  }
}
