import { PermanentFault } from '../faults';
import type { Rendered, RenderedImage, Renderer, RenderRequest } from '../job/ports';
import { Admission, type Room } from './admission';
import { estimateBytes, MIB, RESERVED_MIB } from './estimate';
import { GarbageLimit } from './garbage';
import { readHeader, type SourceHeader } from './header';
import { restrictLoaders } from './loaders';
import { directPasses, type Pass, sharedPasses } from './passes';
import { type PlannedRendition, planRenditions } from './plan';
import type { Recipe } from './recipe';
import { renderPass } from './render';

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
  readonly passes: readonly Pass[];
  readonly decodeBytes: number;
}

type Phase = keyof Rendered['milliseconds'];

/** Renders with libvips within a limit of memory: sources wait for room before they are fetched and before they are decoded. */
export class ImageRenderer implements Renderer {
  readonly admission: Admission;
  readonly #garbage = new GarbageLimit();
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
      this.#garbage.enforce(this.admission.sourceBytes);
      const images = await stopwatch.measure('render', () => renderAll(fetched, request.signal));
      return toRendered(fetched.room, fetched.header.pixels, images, stopwatch.milliseconds);
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
        this.#garbage.enforce(this.admission.sourceBytes);
        const source = await stopwatch.measure('read', () => request.download());
        request.signal.throwIfAborted();
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

  async #look(source: Buffer): Promise<Pick<FetchedSource, 'header' | 'passes' | 'decodeBytes'>> {
    const header = await readHeader(source, this.options);
    const planned = planRenditions(this.options.recipe, header);
    const passes = this.#choosePasses(source.length, header, planned);
    return { header, passes, decodeBytes: estimateBytes(header, passes) };
  }

  /** A master in memory, unless only decoding anew for each rendition goes beside other jobs, or fits at all. */
  #choosePasses(sourceBytes: number, header: SourceHeader, planned: readonly PlannedRendition[]): Pass[] {
    const [shared, direct] = [sharedPasses(header, planned), directPasses(planned)];
    const bytes = { shared: estimateBytes(header, shared), direct: estimateBytes(header, direct) };
    const beside = (needed: number) => this.admission.fitsBesideOthers(sourceBytes, needed);
    const separately = bytes.direct < bytes.shared && !beside(bytes.shared);
    return separately && (beside(bytes.direct) || !this.admission.fitsAlone(sourceBytes, bytes.shared))
      ? direct
      : shared;
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

/** One pass after the other. libvips does not stop in a pass, so that an abort is seen between them and at the end. */
async function renderAll(fetched: FetchedSource, signal: AbortSignal): Promise<RenderedImage[]> {
  const images: RenderedImage[] = [];
  for (const pass of fetched.passes) {
    images.push(...(await renderPass(fetched.source, fetched.header, pass)));
    signal.throwIfAborted();
  }
  return images;
}

/** A function of its own, so that `release` does not keep the source's buffer alive while the renditions are written. */
function toRendered(
  room: Room,
  pixels: number,
  images: readonly RenderedImage[],
  milliseconds: Rendered['milliseconds'],
): Rendered {
  room.finishDecoding(images.reduce((sum, { body }) => sum + body.length, 0));
  return { pixels, images, milliseconds, release: () => room.release() };
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
