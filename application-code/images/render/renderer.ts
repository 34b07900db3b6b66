import { Stopwatch } from '../../worker/src/stopwatch';
import { toDecodable } from '../decode/decodable';
import { restrictLoaders } from '../decode/loaders';
import { DEFAULT_FAIL_ON, type FailOn, isOfMissingData, strictFailOn } from '../fail-on';
import { Admission, type Room } from '../memory/admission';
import { MIB, RESERVED_MIB } from '../memory/estimate';
import { type FetchedSource, SourceFetcher } from '../memory/fetching';
import { GarbageLimit } from '../memory/garbage';
import { SoloTurns } from '../memory/solo-turns';
import { SourceBuffers } from '../memory/source-buffers';
import type { Recipe } from '../recipe';
import { differenceHash } from './difference-hash';
import { orientedSize, refuseNone } from './plan';
import { renderPass } from './render';
import type { RenderedImage, RenderRequest, RenderResult } from './render-result';

/** Of the whole process, as libvips' error buffer is. */
const TURNS = new SoloTurns();

/** sharp's own limit. */
const MAX_TIMEOUT_SECONDS = 3_600;

export interface ImageRendererOptions {
  readonly recipe: Recipe;
  /** Peak resident memory of the whole process. */
  readonly memoryLimitMiB: number;
  readonly maxSourceBytes: number;
  /** Over all frames of an animation. */
  readonly maxSourcePixels: number;
  /**
   * Pictures that are decoded at the same time; one per CPU. Each needs a thread of libuv's pool.
   */
  readonly maxRenders: number;
  /** The least fault of a source that keeps it from being rendered; default `error`. */
  readonly failOn?: FailOn;
  /**
   * A decode that takes longer is stopped where libvips can be, since its job has given up by then;
   * default 0 for never.
   */
  readonly jobTimeoutSeconds?: number;
  /** Whether each result has a perceptual hash; default false. */
  readonly perceptualHash?: boolean;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Renders with libvips within a limit of memory: sources wait for room before they are fetched and
 * again before they are decoded. A waiting job leaves at once when its signal is aborted; libvips
 * cannot be stopped, so that a decode runs to its end and keeps its room until then, and its
 * renditions are dropped.
 */
export class ImageRenderer {
  readonly admission: Admission;
  readonly buffers = new SourceBuffers();
  readonly garbage = new GarbageLimit(this.buffers);
  private readonly fetcher: SourceFetcher;
  private readonly failOn: FailOn;
  private readonly timeoutSeconds: number;
  private readonly hashes: boolean;
  private readonly now: () => number;

  constructor(options: ImageRendererOptions) {
    restrictLoaders();
    const budgetMiB = Math.max(1, options.memoryLimitMiB - RESERVED_MIB);
    this.admission = new Admission(budgetMiB * MIB, options.maxRenders);
    this.fetcher = new SourceFetcher(options, this, TURNS);
    this.failOn = options.failOn ?? DEFAULT_FAIL_ON;
    this.timeoutSeconds = Math.min(options.jobTimeoutSeconds ?? 0, MAX_TIMEOUT_SECONDS);
    this.hashes = options.perceptualHash ?? false;
    this.now = options.now ?? (() => performance.now());
  }

  async render(request: RenderRequest): Promise<RenderResult> {
    const stopwatch = new Stopwatch(['wait', 'read', 'render'], this.now);
    const fetched = await this.fetcher.fetch(request, stopwatch);
    const { room, source, header, decodeBytes } = fetched;
    try {
      await stopwatch.measure('wait', () => room.startDecoding(decodeBytes));
      const liveBytes = room.exclusive ? source.length : this.admission.sourceBytes;
      this.garbage.enforce(liveBytes, this.admission.freeBytes);
      const results = await stopwatch.measure('render', () =>
        TURNS.run(
          (isAlone) => this.renderJudging(fetched, request.signal, isAlone),
          request.signal,
        ),
      );
      this.buffers.keep(fetched.original);
      return toRendered(room, {
        ...{ pixels: header.pixels, size: orientedSize(header) },
        ...results,
        milliseconds: stopwatch.milliseconds,
      });
    } catch (error) {
      room.release();
      throw error;
    }
  }

  /**
   * A failure that was only a warning is overlooked, unless it was about missing data. Which of the
   * two it was, and why a rendition is skipped, can be read when no other decode runs.
   */
  private async renderJudging(
    fetched: FetchedSource,
    signal: AbortSignal,
    isAlone: boolean,
  ): Promise<Results> {
    const strict = strictFailOn(fetched.header, this.failOn);
    try {
      return await this.renderAll(fetched, strict, signal, isAlone);
    } catch (error) {
      if (!isAlone || strict === this.failOn || isOfMissingData(error)) throw error;
      return this.renderAll(fetched, this.failOn, signal, isAlone);
    }
  }

  /** One pass after the other. */
  private async renderAll(
    fetched: FetchedSource,
    failOn: FailOn,
    signal: AbortSignal,
    isAlone: boolean,
  ): Promise<Results> {
    const timeoutSeconds = this.timeoutSeconds;
    const ready = await toDecodable({ ...fetched, failOn, timeoutSeconds, signal });
    const images: RenderedImage[] = [];
    const skipped = [...fetched.skipped];
    for (const pass of fetched.passes)
      for (const result of await renderPass(ready, pass))
        'body' in result ? images.push(result) : skipped.push(result);
    if (!isAlone && skipped.length > fetched.skipped.length)
      throw new Error('a rendition was skipped');
    refuseNone(images, skipped);
    return { images, skipped, ...(this.hashes && { dhash: await differenceHash(images) }) };
  }
}

type Results = Pick<RenderResult, 'images' | 'skipped' | 'dhash'>;

/**
 * A function of its own, so that `release` does not keep the source's buffer alive while the
 * renditions are written.
 */
function toRendered(room: Room, rendered: Omit<RenderResult, 'release'>): RenderResult {
  room.finishDecoding(rendered.images.reduce((sum, { body }) => sum + body.length, 0));
  return { ...rendered, release: () => room.release() };
}
