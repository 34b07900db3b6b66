import sharp from 'sharp';
import type { Format } from '../application-code/images/formats';
import type { Size } from '../application-code/images/render/size';
import type { ExpectedRendition } from './expected';
import { CLOSE, difference, likenessOf, ROUGH } from './likeness';

/** Pixels a side may differ, since halves are rounded to either side. */
const ROUNDING = 1;

/**
 * @returns what is wrong with a rendition that came out, as a sentence without its end; undefined
 * when nothing is.
 */
export async function faultOf(
  expected: ExpectedRendition,
  body: Buffer | undefined,
): Promise<string | undefined> {
  const { title, key } = expected;
  if (body === undefined) return `rendition ${title} is missing (${key})`;
  const metadata = await sharp(body)
    .metadata()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof metadata === 'string')
    return `rendition ${title} is no picture that can be read: ${metadata}`;
  const format =
    metadata.format === 'heif' && metadata.compression === 'av1' ? 'avif' : metadata.format;
  if (format !== expected.format)
    return `rendition ${title} must be ${expected.format}, but ${format} was found`;
  const frames = metadata.pages ?? 1;
  if (frames !== expected.frames) {
    return `rendition ${title} must have ${expected.frames} frames, but ${frames} were found`;
  }
  const found = { width: metadata.width, height: metadata.pageHeight ?? metadata.height };
  if (!isAbout(found, expected.size)) {
    return `rendition ${title} must be ${shown(expected.size)} pixels, but ${shown(found)} were found`;
  }
  return pictureFault(expected, body);
}

async function pictureFault(
  expected: ExpectedRendition,
  body: Buffer,
): Promise<string | undefined> {
  const { title, likeness, format, size } = expected;
  const found = await likenessOf(body).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (typeof found === 'string') return `rendition ${title} cannot be decoded: ${found}`;
  const differs = likeness && difference(found, likeness, isCoarse(format, size) ? ROUGH : CLOSE);
  return differs && `rendition ${title} is another picture than expected: its ${differs}`;
}

/**
 * Below so many pixels a side, colours that are stored at half the resolution run into each other.
 */
const LEAST_SIDE = 32;

function isCoarse(format: Format, { width, height }: Size): boolean {
  return format === 'gif' || Math.min(width, height) < LEAST_SIDE;
}

function isAbout(found: Size, expected: Size): boolean {
  const apart = [found.width - expected.width, found.height - expected.height].map(Math.abs);
  return Math.max(...apart) <= ROUNDING;
}

function shown({ width, height }: Size): string {
  return `${width} × ${height}`;
}
