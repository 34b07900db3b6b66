import sharp from 'sharp';
import { FORMAT_FACTS } from '../formats';
import type { Recipe, RenditionSpec } from '../recipe';
import {
  type ExpectedRendition,
  followsContent,
  type RenditionOutput,
  renderSample,
  type SourceLimits,
} from './expected';
import { readFacts } from './facts';
import { BEHIND, fingerprintOf } from './fingerprint';
import { faultOf } from './judge';
import type { PictureSample } from './samples';

/**
 * Holds the renderer from which expectations come against sharp alone, by that part of the recipe
 * that a single resize can repeat. So a renderer that is broken in the same way in the deployer and
 * in the new build passes no canary, and an option that is not named here needs no line here.
 * @returns what is wrong with its renditions, as a sentence without its end.
 */
export async function ownFault(
  sample: PictureSample,
  recipe: Recipe,
  limits: SourceLimits,
): Promise<string | undefined> {
  const plain = recipe.map(plainPart);
  for (const rendered of await renderSample(sample, plain, limits)) {
    const output = { ...rendered.headers, body: rendered.body, metadata: {} };
    const fault = await faultOf(await bySharpAlone(sample, rendered), output);
    if (fault) return fault;
  }
  return undefined;
}

/** A format has the same look whatever it costs; a background shows where nothing else does. */
function plainPart(spec: RenditionSpec): RenditionSpec {
  const { name, format, width, height, fit, position, kernel } = spec;
  const { withoutEnlargement, withoutReduction, ifImpossible } = spec;
  const resize = { width, height, fit, position, kernel, withoutEnlargement, withoutReduction };
  const given = { name, format, ...resize, background: BEHIND, ifImpossible };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as unknown as RenditionSpec;
}

async function bySharpAlone(
  { path: sourcePath, body, format: own }: PictureSample,
  { spec, path }: RenditionOutput,
): Promise<ExpectedRendition> {
  const { name, format = own, ifImpossible, ...resize } = spec;
  const upright = sharp(body).autoOrient();
  const sized = spec.width || spec.height ? upright.resize(resize) : upright;
  const picture = await sized.png({ compressionLevel: 1 }).toBuffer();
  const { contentType, animates } = FORMAT_FACTS[format];
  const source = await readFacts(body);
  return {
    path,
    title: `${name} of ${sourcePath}`,
    format,
    headers: { contentType },
    size: (await readFacts(picture)).size,
    frames: animates ? source.frames : 1,
    ...(!followsContent(spec) && { fingerprint: await fingerprintOf(picture) }),
  };
}
