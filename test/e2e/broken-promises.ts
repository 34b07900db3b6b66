import sharp from 'sharp';
import type { Outcome } from '../emulator/outcome';
import { type Photo, QUADRANTS, type RenditionExpected } from './photos';

export interface Prefixes {
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
}

/** What a recipe makes of each photo: it fits into a square. */
export interface Rendition {
  readonly name: string;
  readonly side: number;
  /** It is appended to the key. Default: the source's. */
  readonly format?: string;
}

const THUMBNAIL: Rendition = { name: '224x224', side: 224 };

/** What is wrong with how the photos ended; empty when each has its pixels or its fault. */
export async function brokenPromises(
  photos: readonly Photo[],
  { renditions, deadLetters }: Outcome,
  { sourcePrefix, destinationPrefix }: Prefixes,
  recipe = THUMBNAIL,
): Promise<string[]> {
  const expected = new Set<string>();
  const wrong: string[] = [];
  for (const { path, ends } of photos) {
    const suffix = recipe.format ? `.${recipe.format}` : '';
    const renditionKey = `${destinationPrefix}${recipe.name}/${path}${suffix}`;
    const rendition = renditions.get(renditionKey);
    const letter = deadLetters.find(({ key }) => key === `${sourcePrefix}${path}`);
    if (rendition && letter) wrong.push(`${path} is in both places`);
    if ('fault' in ends) {
      if (letter?.code !== ends.fault) wrong.push(`${path}: ${letter?.code} is not ${ends.fault}`);
      continue;
    }
    expected.add(renditionKey);
    if (rendition)
      wrong.push(...(await wrongPixels(rendition, ends, recipe)).map((what) => `${path}: ${what}`));
    else wrong.push(`${path} has no rendition; its letter: ${letter?.code} ${letter?.message}`);
  }
  const strangers = [...renditions.keys()].filter((key) => !expected.has(key));
  return [...wrong, ...strangers.map((key) => `${key} was not asked for`)];
}

async function wrongPixels(
  rendition: Buffer,
  ends: RenditionExpected,
  { side, format = ends.format }: Rendition,
): Promise<string[]> {
  const metadata = await sharp(rendition).metadata();
  const scale = Math.min(1, side / ends.width, side / ends.height);
  const wanted = {
    format,
    width: Math.max(1, Math.round(ends.width * scale)),
    height: Math.max(1, Math.round(ends.height * scale)),
    orientation: 1,
    pages: ends.pages ?? 1,
  };
  const given = {
    format: metadata.format,
    width: metadata.width,
    height: metadata.pageHeight ?? metadata.height,
    orientation: metadata.orientation ?? 1,
    pages: metadata.pages ?? 1,
  };
  const differs =
    JSON.stringify(given) === JSON.stringify(wanted) ? [] : [JSON.stringify({ given, wanted })];
  return [...differs, ...(ends.colours === false ? [] : await wrongColours(rendition))];
}

/** Compares the middle of each quarter with the colour that an upright sRGB picture shows there. */
async function wrongColours(rendition: Buffer): Promise<string[]> {
  const { data, info } = await sharp(rendition)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return QUADRANTS.flatMap((colour, index) => {
    const x = Math.floor(info.width * (index % 2 ? 0.75 : 0.25));
    const y = Math.floor(info.height * (index >= 2 ? 0.75 : 0.25));
    const at = (y * info.width + x) * info.channels;
    const seen = [...data.subarray(at, at + 3)];
    const far = colour.some((value, channel) => Math.abs(value - (seen[channel] ?? 0)) > 60);
    return far ? [`quarter ${index} is ${seen}, not ${colour}`] : [];
  });
}
