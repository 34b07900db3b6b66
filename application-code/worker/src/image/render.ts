import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { PermanentFault } from '../faults';
import type { RenderedImage } from '../job/ports';
import { FORMAT_FACTS } from './formats';
import type { SourceHeader } from './header';
import type { MasterPass, Pass } from './passes';
import type { PlannedRendition } from './plan';
import { applySteps, MASTER_TO_RENDITION, SOURCE_TO_MASTER, SOURCE_TO_RENDITION } from './steps';
import { printable, undecodable } from './undecodable';

interface Output {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

/**
 * Decodes a source once and makes the renditions of one pass from it.
 * @throws PermanentFault Undecodable or RenditionImpossible.
 */
export async function renderPass(source: Buffer, header: SourceHeader, pass: Pass): Promise<RenderedImage[]> {
  return pass.kind === 'direct'
    ? [await renderDirectly(source, header, pass.planned)]
    : renderFromMaster(source, header, pass);
}

async function renderDirectly(
  source: Buffer,
  header: SourceHeader,
  planned: PlannedRendition,
): Promise<RenderedImage> {
  const image = applySteps(open(source, header, planned.pages), SOURCE_TO_RENDITION, { header, planned });
  try {
    return toRenderedImage(planned, await run(image));
  } catch (cause) {
    await run(open(source, header, planned.pages).resize(1).raw()).catch((decodingToo) => {
      throw undecodable(decodingToo);
    });
    throw impossible(planned, cause);
  }
}

async function renderFromMaster(
  source: Buffer,
  header: SourceHeader,
  { largest, planned: renditions }: MasterPass,
): Promise<RenderedImage[]> {
  const decode = applySteps(open(source, header, 1), SOURCE_TO_MASTER, { header, planned: largest });
  const { data, info } = await run(decode).catch((cause) => {
    throw undecodable(cause);
  });
  const { width, height, channels } = info;
  const images: RenderedImage[] = [];
  for (const planned of renditions) {
    const master = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
    const image = applySteps(master, MASTER_TO_RENDITION, { header, planned });
    const output = await run(image).catch((cause) => {
      throw impossible(planned, cause);
    });
    images.push(toRenderedImage(planned, output));
  }
  return images;
}

/**
 * `failOn: 'error'` makes a source that is cut short a fault rather than a picture that is half grey, while what
 * decoders only warn of (stray bytes between JPEG markers, an odd chunk in a PNG) does no harm.
 */
function open(source: Buffer, header: SourceHeader, pages: number): Sharp {
  return sharp(source, {
    failOn: 'error',
    limitInputPixels: header.pixels,
    sequentialRead: true,
    pages: pages > 1 ? -1 : 1,
  });
}

function run(image: Sharp): Promise<Output> {
  return image.toBuffer({ resolveWithObject: true });
}

function toRenderedImage({ spec, format }: PlannedRendition, { data, info }: Output): RenderedImage {
  const { contentType } = FORMAT_FACTS[format];
  return {
    name: spec.name,
    body: data,
    contentType,
    width: info.width,
    height: info.pageHeight ?? info.height,
  };
}

/** The source decodes, so that only the rendition is left to blame. */
function impossible({ spec, format, width, height }: PlannedRendition, cause: unknown): PermanentFault {
  return new PermanentFault(
    'RenditionImpossible',
    `rendition ${spec.name} cannot be made as ${width} × ${height} ${format} (libvips: ${printable(cause)}); change its size, quality or format in the recipe`,
    { cause },
  );
}
