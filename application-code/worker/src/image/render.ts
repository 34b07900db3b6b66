import sharp from 'sharp';
import type { RenderedImage } from '../job/ports';
import { FORMAT_FACTS } from './formats';
import { type SourceHeader, undecodable } from './header';
import type { PlannedRendition } from './plan';
import { applySteps } from './steps';

/**
 * Decodes, resizes and encodes one rendition.
 *
 * `failOn: 'error'` makes a source that is cut short a fault rather than a picture that is half grey, while what
 * decoders only warn of (stray bytes between JPEG markers, an odd chunk in a PNG) does no harm.
 * @throws PermanentFault Undecodable.
 */
export async function renderOne(
  source: Buffer,
  header: SourceHeader,
  planned: PlannedRendition,
): Promise<RenderedImage> {
  const image = sharp(source, {
    failOn: 'error',
    limitInputPixels: header.pixels,
    sequentialRead: true,
    pages: planned.pages > 1 ? -1 : 1,
  });
  try {
    const { data, info } = await applySteps(image, { header, planned }).toBuffer({ resolveWithObject: true });
    return {
      name: planned.spec.name,
      body: data,
      contentType: FORMAT_FACTS[planned.format].contentType,
      width: info.width,
      height: info.pageHeight ?? info.height,
    };
  } catch (cause) {
    throw undecodable(cause);
  }
}
