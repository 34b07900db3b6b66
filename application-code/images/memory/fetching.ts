import { PermanentFault } from '../../worker/src/faults';
import type { Stopwatch } from '../../worker/src/stopwatch';
import type { SkippedOutput } from '../../worker/src/workload/recipe';
import type { PhaseMilliseconds } from '../../worker/src/workload/workload';
import { openGifCanvas } from '../decode/gif-canvas';
import { MAX_SOURCE_PAGES, readHeader, type SourceHeader } from '../decode/header';
import { judgeableJpeg } from '../decode/jpeg-data';
import type { Recipe } from '../recipe';
import { keptOf } from '../render/colours';
import type { KeptMetadata } from '../render/kept-metadata';
import { directPasses, type Pass, sharedPasses } from '../render/passes';
import { type PlannedRendition, planRenditions } from '../render/plan';
import type { RenderRequest } from '../render/render-result';
import type { Admission, Need, Room } from './admission';
import { estimateBytes, MIB, RESERVED_MIB } from './estimate';
import type { GarbageLimit } from './garbage';
import type { SoloTurns } from './solo-turns';
import type { SourceBuffers } from './source-buffers';

/** What one buffer takes in every Node that runs a worker. */
const MAX_PICTURE_BYTES = 2 ** 31;

export interface FetchLimits {
  readonly recipe: Recipe;
  readonly memoryLimitMiB: number;
  readonly maxSourceBytes: number;
  readonly maxSourcePixels: number;
}

export interface FetchMemory {
  readonly admission: Admission;
  readonly garbage: GarbageLimit;
  readonly buffers: SourceBuffers;
}

/** A source that is in memory, looked at, and known to fit. */
export interface FetchedSource {
  readonly room: Room;
  readonly source: Buffer;
  /** The buffer that was allocated for it. */
  readonly original: Buffer;
  readonly header: SourceHeader;
  /** Absent when no rendition keeps metadata. */
  readonly kept?: KeptMetadata | undefined;
  readonly passes: readonly Pass[];
  readonly skipped: readonly SkippedOutput[];
  readonly decodeBytes: number;
}

/** Brings sources into memory when there is room for them. */
export class SourceFetcher {
  constructor(
    private readonly limits: FetchLimits,
    private readonly memory: FetchMemory,
    private readonly turns: SoloTurns,
  ) {}

  /** Fetches a source: again, and alone, when it turns out to need more than its share. */
  async fetch(
    request: RenderRequest,
    stopwatch: Stopwatch<keyof PhaseMilliseconds>,
  ): Promise<FetchedSource> {
    let need: Need = { sourceBytes: request.bytes, decodeBytes: 0 };
    for (;;) {
      this.refuseTooLarge(need);
      const room = await this.enter(need, request.signal, stopwatch);
      const fetched = await this.fetchInto(room, request, stopwatch);
      if ('room' in fetched) {
        return fetched;
      }
      need = fetched;
    }
  }

  private enter(
    need: Need,
    signal: AbortSignal,
    stopwatch: Stopwatch<keyof PhaseMilliseconds>,
  ): Promise<Room> {
    return stopwatch.measure('wait', () => this.memory.admission.enter(need, signal));
  }

  /**
   * Fetches a source into its room, or releases the room and returns what the source needs. A
   * function of its own: one that waits keeps alive what its variables held last, and here that
   * would be the buffer that was given up.
   */
  private async fetchInto(
    room: Room,
    request: RenderRequest,
    stopwatch: Stopwatch<keyof PhaseMilliseconds>,
  ): Promise<FetchedSource | Need> {
    try {
      this.memory.garbage.enforce(
        room.exclusive ? 0 : this.memory.admission.sourceBytes,
        this.memory.admission.freeBytes,
      );
      const source = await stopwatch.measure('read', () =>
        request.download(this.memory.buffers.allocate),
      );
      request.signal.throwIfAborted();
      const fetched =
        source.length <= room.sourceBytes
          ? await this.look(room, source, request.signal)
          : undefined;
      const need = { sourceBytes: source.length, decodeBytes: fetched?.decodeBytes ?? 0 };
      this.refuseTooLarge(need);
      if (fetched && (room.exclusive || this.memory.admission.fitsBesideOthers(need))) {
        return fetched;
      }
      room.release();
      return need;
    } catch (error) {
      room.release();
      throw error;
    }
  }

  private async look(room: Room, original: Buffer, signal: AbortSignal): Promise<FetchedSource> {
    const source = openGifCanvas(original, MAX_SOURCE_PAGES);
    const header = await this.turns.run(() => readHeader(source, this.limits), signal);
    const { planned, skipped } = planRenditions(this.limits.recipe, header);
    const keeps = planned.some(({ spec }) => keptOf(spec) !== 'none');
    const kept = keeps
      ? await this.turns.run(() => keptMetadata(source, header), signal)
      : undefined;
    const passes = this.choosePasses(source.length, header, planned);
    // The original stays in memory until it is collected.
    const copyBytes = source === original ? 0 : source.length;
    return {
      room,
      original,
      source: header.jpeg ? judgeableJpeg(source, header.jpeg) : source,
      header,
      kept,
      passes,
      skipped,
      decodeBytes: estimateBytes(header, passes) + copyBytes,
    };
  }

  /**
   * A master in memory, unless only a decode for each rendition fits beside other jobs, or
   * fits at all.
   */
  private choosePasses(
    sourceBytes: number,
    header: SourceHeader,
    planned: readonly PlannedRendition[],
  ): Pass[] {
    const needs = (passes: Pass[]): Need => ({
      sourceBytes,
      decodeBytes: estimateBytes(header, passes),
    });
    const [shared, direct] = [sharedPasses(header, planned), directPasses(planned)];
    if (this.memory.admission.fitsBesideOthers(needs(shared))) {
      return shared;
    }
    const separately =
      this.memory.admission.fitsBesideOthers(needs(direct)) ||
      !this.memory.admission.fitsAlone(needs(shared));
    return separately ? direct : shared;
  }

  private refuseTooLarge(need: Need): void {
    const { maxSourceBytes, memoryLimitMiB } = this.limits;
    if (need.sourceBytes > MAX_PICTURE_BYTES) {
      throw new PermanentFault(
        'TooManyBytes',
        `the source object has ${need.sourceBytes} bytes, but a picture is read into memory and ` +
          `may have ${MAX_PICTURE_BYTES} at most; store it smaller`,
      );
    }
    if (need.sourceBytes > maxSourceBytes) {
      throw new PermanentFault(
        'TooManyBytes',
        `the source object has ${need.sourceBytes} bytes, the limit is ${maxSourceBytes}; ` +
          'raise MAX_SOURCE_BYTES or make the object smaller',
      );
    }
    if (!this.memory.admission.fitsAlone(need)) {
      const neededMiB = Math.ceil((need.sourceBytes + need.decodeBytes) / MIB) + RESERVED_MIB;
      throw new PermanentFault(
        'TooLargeForMemory',
        `rendering needs about ${neededMiB} MiB (${RESERVED_MIB} of them for the worker ` +
          `itself), the task has ${memoryLimitMiB} MiB; raise memoryMiB to ${neededMiB} or ` +
          'more, or store the picture smaller or as a baseline JPEG',
      );
    }
  }
}

/** Loads what reads XMP for recipes that keep metadata: an XML parser takes 8 ms of a start. */
async function keptMetadata(source: Buffer, { tiff }: SourceHeader): Promise<KeptMetadata> {
  const { readKeptMetadata } = await import('../render/kept-metadata');
  return readKeptMetadata(source, tiff);
}
