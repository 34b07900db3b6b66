import type { CanaryOutput } from '../../worker/src/workload/canary';
import { libvipsWords } from '../decode/libvips-faults';
import type { Size } from '../render/size';
import type { ExpectedRendition } from './expected';
import { type PictureFacts, readFacts } from './facts';
import { CLOSE, difference, fingerprintOf, ROUGH } from './fingerprint';

/** Pixels by which a side may differ, since halves are rounded to either side. */
const ROUNDING = 1;

/**
 * @returns what is wrong with a rendition that came out, as a sentence without its end; undefined
 * when nothing is.
 */
export async function faultOf(
  expected: ExpectedRendition,
  output: CanaryOutput | undefined,
): Promise<string | undefined> {
  const { title, path } = expected;
  if (output === undefined) return `rendition ${title} is missing (${path})`;
  const found = await readFacts(output.body).catch(libvipsWords);
  if (typeof found === 'string')
    return `rendition ${title} is no picture that can be read: ${found}`;
  const fault = factsFault(expected, found) ?? (await pixelsFault(expected, output.body));
  return fault ?? headersFault(expected, output);
}

const HEADERS = ['contentType', 'cacheControl', 'contentDisposition'] as const;

function headersFault({ title, headers }: ExpectedRendition, output: CanaryOutput) {
  const name = HEADERS.find((header) => headers[header] !== output[header]);
  return (
    name &&
    `rendition ${title} must have the ${name} "${headers[name] ?? ''}", ` +
      `but "${output[name] ?? ''}" was found`
  );
}

function factsFault(expected: ExpectedRendition, found: PictureFacts): string | undefined {
  const { title, format, frames, size } = expected;
  if (found.format !== format)
    return `rendition ${title} must be ${format}, but ${found.format} was found`;
  if (found.frames !== frames)
    return `rendition ${title} must have ${frames} frames, but ${found.frames} were found`;
  if (!isAbout(found.size, size))
    return `rendition ${title} must be ${shown(size)} pixels, but ${shown(found.size)} were found`;
  return undefined;
}

async function pixelsFault(
  { title, fingerprint, format, size }: ExpectedRendition,
  body: Buffer,
): Promise<string | undefined> {
  const found = await fingerprintOf(body).catch(libvipsWords);
  if (typeof found === 'string') return `rendition ${title} cannot be decoded: ${found}`;
  const allowed = isCoarse(format, size) ? ROUGH : CLOSE;
  const differs = fingerprint && difference(found, fingerprint, allowed);
  return differs && `rendition ${title} is another picture than expected: its ${differs}`;
}

/**
 * Below this number of pixels a side, colours that are stored at half the resolution run into each
 * other.
 */
const LEAST_SIDE = 32;

function isCoarse(format: string, { width, height }: Size): boolean {
  return format === 'gif' || Math.min(width, height) < LEAST_SIDE;
}

function isAbout(found: Size, expected: Size): boolean {
  const apart = [found.width - expected.width, found.height - expected.height].map(Math.abs);
  return Math.max(...apart) <= ROUNDING;
}

function shown({ width, height }: Size): string {
  return `${width} × ${height}`;
}
