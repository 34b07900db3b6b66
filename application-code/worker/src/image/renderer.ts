import type { Rendered, RenderedImage, Renderer, RenderRequest } from '../job/ports';
import { Admission, type Room } from './admission';
import { MIB, RESERVED_MIB } from './estimate';
import { type FetchedSource, SourceFetcher } from './fetching';
import { GarbageLimit } from './garbage';
import { restrictLoaders } from './loaders';
import { refuseNone } from './plan';
import type { Recipe } from './recipe';
import { renderPass, withoutSpotChannel } from './render';
import { Stopwatch } from './stopwatch';

/** sharp's own limit. */
const MAX_TIMEOUT_SECONDS = 3_600;

export interface ImageRendererOptions {
  readonly recipe: Recipe;
  /** Peak resident memory of the whole process. */
  readonly memoryLimitMiB: number;
  readonly maxSourceBytes: number;
  /** Over all frames of an animation. */
  readonly maxSourcePixels: number;
  /** Pictures that are decoded at the same time; one per CPU. Each needs a thread of libuv's pool. */
  readonly maxRenders: number;
  /** A decode that takes longer is stopped where libvips can be, since its job has given up by then; default 0 for never. */
  readonly jobTimeoutSeconds?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Renders with libvips within a limit of memory: sources wait for room before they are fetched and again before they
 * are decoded. A waiting job leaves at once when its signal is aborted; libvips cannot be stopped, so that a decode runs to
 * its end and keeps its room until then, and its renditions are dropped.
 */
export class ImageRenderer implements Renderer {
  readonly admission: Admission;
  readonly #garbage = new GarbageLimit();
  readonly #fetcher: SourceFetcher;
  readonly #timeoutSeconds: number;
  readonly #now: () => number;

  constructor(options: ImageRendererOptions) {
    restrictLoaders();
    const budgetMiB = Math.max(1, options.memoryLimitMiB - RESERVED_MIB);
    this.admission = new Admission(budgetMiB * MIB, options.maxRenders);
    this.#fetcher = new SourceFetcher(options, this.admission, this.#garbage);
    this.#timeoutSeconds = Math.min(options.jobTimeoutSeconds ?? 0, MAX_TIMEOUT_SECONDS);
    this.#now = options.now ?? (() => performance.now());
  }

  async render(request: RenderRequest): Promise<Rendered> {
    const stopwatch = new Stopwatch(this.#now);
    const fetched = await this.#fetcher.fetch(request, stopwatch);
    const { room, source, header, decodeBytes } = fetched;
    try {
      await stopwatch.measure('wait', () => room.startDecoding(decodeBytes));
      const liveBytes = room.exclusive ? source.length : this.admission.sourceBytes;
      this.#garbage.enforce(liveBytes, this.admission.freeBytes);
      const results = await stopwatch.measure('render', () => this.#renderAll(fetched, request.signal));
      return toRendered(room, { pixels: header.pixels, ...results, milliseconds: stopwatch.milliseconds });
    } catch (error) {
      room.release();
      throw error;
    }
  }

  /** One pass after the other. */
  async #renderAll(
    fetched: FetchedSource,
    signal: AbortSignal,
  ): Promise<Pick<Rendered, 'images' | 'skipped'>> {
    const { passes, header } = fetched;
    const given = { ...fetched, signal, timeoutSeconds: this.#timeoutSeconds };
    const ready = header.hasSpotChannel ? await withoutSpotChannel(given) : given;
    const images: RenderedImage[] = [];
    const skipped = [...fetched.skipped];
    for (const pass of passes)
      for (const result of await renderPass(ready, pass))
        'body' in result ? images.push(result) : skipped.push(result);
    refuseNone(images, skipped);
    return { images, skipped };
  }
}

/** A function of its own, so that `release` does not keep the source's buffer alive while the renditions are written. */
function toRendered(room: Room, rendered: Omit<Rendered, 'release'>): Rendered {
  room.finishDecoding(rendered.images.reduce((sum, { body }) => sum + body.length, 0));
  return { ...rendered, release: () => room.release() };
}
