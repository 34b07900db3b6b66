import sharp from 'sharp';
import { FORMAT_FACTS, type Format } from '../application-code/images/formats';
import { planOf } from '../application-code/images/outputs';
import type { Recipe, RenditionSpec } from '../application-code/images/recipe';
import { encodingOptions } from '../application-code/images/recipe-rules';
import { backgroundOf, isOpaqueFormat } from '../application-code/images/render/background';
import { resizedSize, type Size } from '../application-code/images/render/size';
import { type KeyPrefixes, outputKey } from '../application-code/worker/src/job/keys';
import { type Likeness, likenessOf } from './likeness';
import type { Sample } from './samples';

/** What must come out of one sample for one rendition of the recipe. */
export interface ExpectedRendition {
  readonly key: string;
  /** For sentences: `small of plain.webp`. */
  readonly title: string;
  readonly format: Format;
  readonly size: Size;
  readonly frames: number;
  /**
   * Absent where the place of the crop is a matter of the content, which another version of libvips
   * may see elsewhere.
   */
  readonly likeness?: Likeness;
}

/**
 * Formats in which a palette may leave few colours, so that the expected picture must have gone the
 * same way.
 */
const PALETTE_FORMATS: readonly Format[] = ['png', 'gif'];

/**
 * Every rendition of one sample, made by steps of our own: the judge does not run the code that it
 * judges.
 */
export async function expectedRenditions(
  sample: Sample,
  sourceKey: string,
  recipe: Recipe,
  prefixes: KeyPrefixes,
): Promise<readonly ExpectedRendition[]> {
  const expected: ExpectedRendition[] = [];
  for (const spec of recipe) {
    const format = spec.format ?? sample.format;
    if (isSkipped(spec, format, sample.size)) continue;
    const frames = FORMAT_FACTS[format].animates ? sample.frames : 1;
    expected.push({
      key: outputKey(sourceKey, planOf(spec), prefixes),
      title: `${spec.name} of ${sample.name}`,
      format,
      frames,
      ...(await pictureOf(sample.body, frames > 1 ? atCentre(spec) : spec, format)),
    });
  }
  return expected;
}

/** Larger than its format holds, and the recipe does without it. */
function isSkipped(spec: RenditionSpec, format: Format, source: Size): boolean {
  const { width, height } = resizedSize(spec, source);
  return spec.ifImpossible === 'skip' && Math.max(width, height) > FORMAT_FACTS[format].maxSide;
}

async function pictureOf(body: Buffer, spec: RenditionSpec, format: Format) {
  const resized = resize(body, spec, format).png({ compressionLevel: 1 });
  const { data, info } = await resized.toBuffer({ resolveWithObject: true });
  const size = { width: info.width, height: info.height };
  if (looksAtContent(spec)) return { size };
  const options = encodingOptions(spec, format, info.channels === 4);
  const mustEncode = PALETTE_FORMATS.includes(format) || Object.keys(options).length > 0;
  const encoded = mustEncode ? await sharp(data).toFormat(format, options).toBuffer() : data;
  return { size, likeness: await likenessOf(encoded) };
}

function resize(body: Buffer, spec: RenditionSpec, format: Format) {
  const { width, height, fit, position, kernel, withoutEnlargement, withoutReduction } = spec;
  const background = backgroundOf(spec, format);
  const given = {
    width,
    height,
    fit,
    position,
    background,
    kernel,
    withoutEnlargement,
    withoutReduction,
  };
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  const upright = sharp(body).autoOrient();
  const sized = width || height ? upright.resize(Object.fromEntries(options)) : upright;
  return isOpaqueFormat(spec, format) && background ? sized.flatten({ background }) : sized;
}

function looksAtContent({ position, fit = 'cover' }: RenditionSpec): boolean {
  return fit === 'cover' && (position === 'entropy' || position === 'attention');
}

/** An animation is never cropped by its content, as every frame would be cropped elsewhere. */
function atCentre(spec: RenditionSpec): RenditionSpec {
  const { position, ...rest } = spec;
  return looksAtContent(spec) ? rest : spec;
}
