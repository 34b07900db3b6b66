import sharp from 'sharp';
import { colourAt, distance } from '../../../test/fakes/pictures/pictures';
import { linearGreyProfile, turnedInksProfile } from '../../../test/fakes/pictures/profiles';
import { renderOne } from '../../../test/fakes/pictures/render';
import { tiffFile } from '../../../test/fakes/pictures/tiffs';
import { restrictLoaders } from '../decode/loaders';

beforeAll(restrictLoaders);

const SIZE = { width: 32, height: 24 };

/** The renditions in which a profile gets lost most easily. */
const SPECS = [
  { width: 16 },
  { width: 16, keepMetadata: true },
  { format: 'jpeg', quality: 95, keepMetadata: true },
  { format: 'png', keepMetadata: true },
] as const;

/** What a colour-managed viewer shows: the profile of the picture is followed to sRGB. */
async function shownAt(picture: Buffer, across: number, down: number): Promise<number[]> {
  const viewed = await sharp(picture).toColourspace('srgb').removeAlpha().png().toBuffer();
  return colourAt(viewed, across, down);
}

describe.each([8, 16] as const)('in %d bits', (bitsPerSample) => {
  const full = 2 ** bitsPerSample - 1;

  test.each(SPECS)('inks look as their own profile says in %j', async (spec) => {
    const inks = { photometric: 5, samplesPerPixel: 4, profile: turnedInksProfile() };
    const quarters = [0, 1, 2].map((ink) =>
      [0, 1, 2, 3].map((other) => (other === ink ? full : 0)),
    );
    const source = tiffFile({
      ...SIZE,
      ...inks,
      bitsPerSample,
      quarters: [...quarters, [0, 0, 0, 0]],
    });
    const { body } = await renderOne(source, spec);
    const found = [await shownAt(body, 0.25, 0.25), await shownAt(body, 0.75, 0.25)];
    found.push(await shownAt(body, 0.25, 0.75), await shownAt(body, 0.75, 0.75));
    const expected = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
    ];
    for (const [index, colour] of expected.entries())
      expect(distance(found[index] ?? [], colour)).toBeLessThanOrEqual(25);
    expect((await sharp(body).metadata()).space).toBe('srgb');
  });

  test.each(SPECS)('greys look as their own profile says in %j', async (spec) => {
    const grey = { photometric: 1, samplesPerPixel: 1, profile: linearGreyProfile() };
    const quarters = [0.05, 0.2, 0.5, 1].map((light) => [Math.round(light * full)]);
    const { body } = await renderOne(tiffFile({ ...SIZE, ...grey, bitsPerSample, quarters }), spec);
    const found = [await shownAt(body, 0.25, 0.25), await shownAt(body, 0.75, 0.25)];
    found.push(await shownAt(body, 0.25, 0.75), await shownAt(body, 0.75, 0.75));
    // sRGB's own curve: 1.055 × light^(1/2.4) − 0.055.
    for (const [index, value] of [63, 124, 188, 255].entries())
      expect(distance(found[index] ?? [], [value, value, value])).toBeLessThanOrEqual(4);
  });
});
