import { PermanentFault } from '../faults';
import type { Rendered, RenderedImage, Renderer, RenderRequest } from '../job/ports';
import { Admission, type Room } from './admission';
import { estimateRenderBytes, MIB, RESERVED_MIB } from './estimate';
import { readHeader, type SourceHeader } from './header';
import { restrictLoaders } from './loaders';
import { type PlannedRendition, planRenditions } from './plan';
import type { Recipe } from './recipe';
import { renderOne } from './render';

export interface ImageRendererOptions {
  readonly recipe: Recipe;
  /** Peak resident memory of the whole process. */
  readonly memoryLimitMiB: number;
  readonly maxSourceBytes: number;
  /** Over all frames of an animation. */
  readonly maxSourcePixels: number;
  /** Pictures that are decoded at the same time; one per CPU. Each needs a thread of libuv's pool. */
  readonly maxRenders: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** A source that is in memory, looked at, and known to fit. */
interface FetchedSource {
  readonly room: Room;
  readonly source: Buffer;
  readonly header: SourceHeader;
  readonly planned: readonly PlannedRendition[];
  readonly decodeBytes: number;
}

type Phase = keyof Rendered['milliseconds'];

/** Renders with libvips within a limit of memory: sources wait for room before they are fetched and before they are decoded. */
export class ImageRenderer implements Renderer {
  readonly admission: Admission;
  readonly #now: () => number;

  constructor(private readonly options: ImageRendererOptions) {
    restrictLoaders();
    const budgetMiB = Math.max(1, options.memoryLimitMiB - RESERVED_MIB);
    this.admission = new Admission(budgetMiB * MIB, options.maxRenders);
    this.#now = options.now ?? (() => performance.now());
  }

  async render(request: RenderRequest): Promise<Rendered> {
    const stopwatch = new Stopwatch(this.#now);
    const fetched = await this.#fetch(request, stopwatch);
    try {
      await stopwatch.measure('wait', () => fetched.room.startDecoding(fetched.decodeBytes));
      const images = await stopwatch.measure('render', () => renderAll(fetched, request.signal));
      fetched.room.finishDecoding(images.reduce((sum, { body }) => sum + body.length, 0));
      return {
        pixels: fetched.header.pixels,
        images,
        milliseconds: stopwatch.milliseconds,
        release: () => fetched.room.release(),
      };
    } catch (error) {
      fetched.room.release();
      throw error;
    }
  }

  /** Fetches the source, again and alone when it turns out to need more than its share. */
  async #fetch(request: RenderRequest, stopwatch: Stopwatch): Promise<FetchedSource> {
    let sourceBytes = request.bytes;
    let decodeBytes = 0;
    for (;;) {
      this.#refuseTooLarge(sourceBytes, decodeBytes);
      const room = await stopwatch.measure('wait', () =>
        this.#admit(sourceBytes, decodeBytes, request.signal),
      );
      try {
        const source = await stopwatch.measure('read', () => request.download());
        if (source.length <= room.sourceBytes) {
          const looked = await this.#look(source);
          this.#refuseTooLarge(source.length, looked.decodeBytes);
          if (room.exclusive || this.admission.fitsBesideOthers(source.length, looked.decodeBytes)) {
            return { room, source, ...looked };
          }
          decodeBytes = looked.decodeBytes;
        }
        sourceBytes = source.length;
        room.release();
      } catch (error) {
        room.release();
        throw error;
      }
    }
  }

  #admit(sourceBytes: number, decodeBytes: number, signal: AbortSignal): Promise<Room> {
    return this.admission.fitsBesideOthers(sourceBytes, decodeBytes)
      ? this.admission.beside(sourceBytes, signal)
      : this.admission.alone(signal);
  }

  async #look(source: Buffer): Promise<Pick<FetchedSource, 'header' | 'planned' | 'decodeBytes'>> {
    const header = await readHeader(source, this.options);
    const planned = planRenditions(this.options.recipe, header);
    return { header, planned, decodeBytes: estimateRenderBytes(header, planned) };
  }

  #refuseTooLarge(sourceBytes: number, decodeBytes: number): void {
    const { maxSourceBytes, memoryLimitMiB } = this.options;
    if (sourceBytes > maxSourceBytes) {
      throw new PermanentFault(
        'TooManyBytes',
        `the source object has ${sourceBytes} bytes, the limit is ${maxSourceBytes}; raise MAX_SOURCE_BYTES or make the object smaller`,
      );
    }
    if (!this.admission.fitsAlone(sourceBytes, decodeBytes)) {
      const neededMiB = Math.ceil((sourceBytes + decodeBytes) / MIB) + RESERVED_MIB;
      throw new PermanentFault(
        'TooLargeForMemory',
        `rendering needs about ${neededMiB} MiB (${RESERVED_MIB} of them for the worker itself), the task has ${memoryLimitMiB} MiB; raise memoryMiB to ${neededMiB} or more, or store the picture smaller or as a baseline JPEG`,
      );
    }
  }
}

async function renderAll(fetched: FetchedSource, signal: AbortSignal): Promise<RenderedImage[]> {
  const images: RenderedImage[] = [];
  for (const planned of fetched.planned) {
    signal.throwIfAborted();
    images.push(await renderOne(fetched.source, fetched.header, planned));
  }
  return images;
}

/** Adds up the milliseconds of each phase. */
class Stopwatch {
  readonly milliseconds: Record<Phase, number> = { wait: 0, read: 0, render: 0 };

  constructor(private readonly now: () => number) {}

  async measure<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const start = this.now();
    try {
      return await work();
    } finally {
      this.milliseconds[phase] += this.now() - start;
    }
  }
}
