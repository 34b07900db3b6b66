import sharp from 'sharp';
import { scene } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { differenceHash } from './difference-hash';

beforeAll(restrictLoaders);

/** Grey from black at the left to white at the right, or the other way round. */
function ramp(isFalling = false): Promise<Buffer> {
  const grey = Buffer.from(Array.from({ length: 90 * 80 }, (_, at) => (at % 90) * 2));
  const image = sharp(grey, { raw: { width: 90, height: 80, channels: 1 } });
  return (isFalling ? image.flop() : image).png().toBuffer();
}

const hashOf = async (body: Buffer, width = 90) => differenceHash([{ body, width, height: 80 }]);

function distance(one: string, other: string): number {
  const differing = (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2);
  return differing.replaceAll('0', '').length;
}

test('each bit says whether a field is darker than its right neighbour', async () => {
  expect(await hashOf(await ramp())).toBe('f'.repeat(16));
  expect(await hashOf(await ramp(true))).toBe('0'.repeat(16));
});

test('the first row is the first digits', async () => {
  const halves = [await ramp(), await ramp(true)].map((input, at) => ({
    ...{ input, left: 0, top: at * 80 },
  }));
  const canvas = { width: 90, height: 160, channels: 3 as const, background: 'white' };
  const picture = await sharp({ create: canvas }).composite(halves).png().toBuffer();
  expect(await hashOf(picture)).toMatch(/^f{6}.{4}0{6}$/);
});

test('pictures that look alike differ in few bits, others in many', async () => {
  const original = await scene(600, 400).png().toBuffer();
  const smaller = await sharp(original).resize(300).jpeg({ quality: 60 }).toBuffer();
  const other = await sharp(original).rotate(90).png().toBuffer();
  const [one, alike, different] = await Promise.all(
    [original, smaller, other].map((b) => hashOf(b)),
  );
  expect(distance(one ?? '', alike ?? '')).toBeLessThanOrEqual(3);
  expect(distance(one ?? '', different ?? '')).toBeGreaterThan(12);
});

test('what is transparent counts as white', async () => {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const create = { width: 9, height: 8, channels: 4 as const, background };
  const black = await sharp({ create }).png().toBuffer();
  expect(await hashOf(black)).toBe('0'.repeat(16));
});

test('it is of the smallest rendition, and only there when it is asked for', async () => {
  const source = await scene(600, 400).png().toBuffer();
  const recipe = [
    { name: 'large', width: 400 },
    { name: 'small', width: 200, height: 200 },
  ];
  const { images, dhash } = await render(source, recipe, { perceptualHash: true });
  const [large, small] = images;
  if (!large || !small) throw new Error('There are no two renditions.');
  expect(dhash).toBe(await differenceHash([small]));
  expect(dhash).toBe(await differenceHash([large, small]));
  expect((await render(source, recipe)).dhash).toBeUndefined();
});
