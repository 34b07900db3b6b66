import sharp, { type OutputInfo, type Sharp } from 'sharp';
import type { SkippedOutput } from '../../worker/src/workload/recipe';
import type { SourceHeader } from '../decode/header';
import { isExhausted, libvipsWords, undecodable } from '../decode/libvips-faults';
import { pageOptions } from '../decode/tiff-page';
import type { FailOn } from '../fail-on';
import { FORMAT_FACTS } from '../formats';
import type { KeptMetadata } from './kept-metadata';
import { type FittedOutput, fitBytes } from './max-bytes';
import type { Master, MasterPass, Pass } from './passes';
import { type PlannedRendition, skippedOrFault } from './plan';
import type { RenderedImage } from './render-result';
import type { Size } from './size';
import {
  applySteps,
  MASTER_TO_MASTER,
  MASTER_TO_RENDITION,
  SOURCE_TO_MASTER,
  SOURCE_TO_RENDITION,
} from './steps';

interface Output {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

type PassResult = RenderedImage | SkippedOutput;

/** A source that is in memory, and how far its decoding may go. */
export interface RenderSource {
  readonly source: Buffer;
  readonly header: SourceHeader;
  /** Absent when no rendition keeps metadata. */
  readonly kept?: KeptMetadata | undefined;
  /** The least fault of the source that is one. */
  readonly failOn: FailOn;
  /**
   * Seconds after which libvips stops a decode, where it reads the clock (hardly within an AVIF); 0
   * for never.
   */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Decodes a source once and makes the renditions of one pass from it.
 * @throws PermanentFault Undecodable or RenditionImpossible; the signal's reason when it was
 *   aborted meanwhile.
 */
export async function renderPass(source: RenderSource, pass: Pass): Promise<PassResult[]> {
  const images =
    pass.kind === 'direct'
      ? [await renderDirectly(source, pass.planned)]
      : await renderFromMasters(source, pass);
  source.signal.throwIfAborted();
  return images;
}

async function renderDirectly(
  source: RenderSource,
  planned: PlannedRendition,
): Promise<PassResult> {
  const { header, kept } = source;
  const make = (wanted: PlannedRendition) => {
    const image = open(source, planned.pages);
    return run(applySteps(image, SOURCE_TO_RENDITION, { header, kept, planned: wanted }));
  };
  const fitted = await fitBytes(planned, make, source.signal).catch(async (cause: unknown) => {
    source.signal.throwIfAborted();
    await decode(open(source, planned.pages).resize(1).raw(), source);
    return impossible(planned, cause);
  });
  return 'because' in fitted ? fitted : toResult(planned, fitted);
}

async function renderFromMasters(
  source: RenderSource,
  { masters: [first, ...further] }: MasterPass,
): Promise<PassResult[]> {
  const { header } = source;
  const largest = { header, planned: first.largest };
  let pixels = await decode(applySteps(open(source, 1), SOURCE_TO_MASTER, largest), source);
  const results = await renderFromMaster(source, first, pixels);
  for (const master of further) {
    const next = { header, planned: master.largest };
    pixels = await decode(applySteps(openMaster(pixels), MASTER_TO_MASTER, next), source);
    results.push(...(await renderFromMaster(source, master, pixels)));
  }
  return results;
}

async function renderFromMaster(
  { header, signal }: RenderSource,
  { planned: wanted }: Master,
  pixels: Output,
): Promise<PassResult[]> {
  const results: PassResult[] = [];
  const make = (planned: PlannedRendition) =>
    run(applySteps(openMaster(pixels), MASTER_TO_RENDITION, { header, planned }));
  for (const planned of wanted) {
    const fitted = await fitBytes(planned, make, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      return impossible(planned, cause);
    });
    results.push('because' in fitted ? fitted : toResult(planned, fitted));
  }
  return results;
}

function openMaster({ data, info: { width, height, channels } }: Output): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Only pixels come out, so that a failure is the source's. */
function decode(image: Sharp, { signal, source, header }: RenderSource): Promise<Output> {
  return run(image).catch((cause) => {
    signal.throwIfAborted();
    throw undecodable(cause, header.format, source);
  });
}

function open({ source, header, failOn, timeoutSeconds }: RenderSource, pages: number): Sharp {
  return sharp(source, {
    failOn,
    limitInputPixels: header.pixels,
    sequentialRead: true,
    pages: pages > 1 ? -1 : 1,
    ...pageOptions(header.tiff),
  }).timeout({ seconds: timeoutSeconds });
}

function run(image: Sharp): Promise<Output> {
  return image.toBuffer({ resolveWithObject: true });
}

/** @throws PermanentFault RenditionImpossible when its file is too large at every quality. */
function toResult(planned: PlannedRendition, fitted: FittedOutput<Output>): PassResult {
  const { spec, format, width, height } = planned;
  const { name, maxBytes, cacheControl, contentDisposition } = spec;
  if ('tooManyBytes' in fitted) {
    const because =
      `rendition ${name} has ${fitted.tooManyBytes} bytes at its lowest quality, and maxBytes is ` +
      `${maxBytes}; raise maxBytes, or make the rendition smaller`;
    return skippedOrFault(spec, because);
  }
  const { output, loweredQuality } = fitted;
  return {
    name,
    body: output.data,
    contentType: FORMAT_FACTS[format].contentType,
    extension: FORMAT_FACTS[format].extension,
    ...(cacheControl && { cacheControl }),
    ...(contentDisposition && { contentDisposition }),
    ...(loweredQuality && {
      loweredQuality,
      metadata: { 'lowered-quality': String(loweredQuality) },
    }),
    ...(spec.resample ? { width, height } : writtenSize(output.info)),
  };
}

/** Not told after a resample, of which sharp reports the size before its last step. */
function writtenSize({ width, height, pageHeight }: OutputInfo): Size {
  return { width, height: pageHeight ?? height };
}

/**
 * The source decodes, so that only the rendition is left to blame, unless the machine is.
 * @throws the cause when memory or threads were lacking.
 */
function impossible(
  { spec, format, width, height }: PlannedRendition,
  cause: unknown,
): SkippedOutput {
  if (isExhausted(cause)) throw cause;
  const because =
    `rendition ${spec.name} cannot be made as ${width} × ${height} ${format} ` +
    `(libvips: ${libvipsWords(cause)}); change its size, quality or format in the recipe`;
  return skippedOrFault(spec, because, cause);
}
