import { frames, quarters } from '../../../test/fakes/pictures/pictures';
import { countFrames } from './frame-count';

describe('frames', () => {
  test.each([1, 2, 7])('%d of a GIF and of a WebP are counted', async (count) => {
    const gif = await frames(count).gif().toBuffer();
    const webp = await frames(count).webp().toBuffer();
    expect([countFrames('gif', gif, 100), countFrames('webp', webp, 100)]).toEqual([count, count]);
  });

  test('are counted no further than one more than is asked for', async () => {
    expect(countFrames('gif', await frames(7).gif().toBuffer(), 3)).toBe(4);
    expect(countFrames('webp', await frames(7).webp().toBuffer(), 3)).toBe(4);
  });

  test('of other formats are one', async () => {
    expect(countFrames('png', await quarters().png().toBuffer(), 100)).toBe(1);
  });

  test.each(['gif', 'webp'] as const)(
    'of a %s that is cut anywhere come to an end',
    async (format) => {
      const source = await frames(3).toFormat(format).toBuffer();
      for (let length = 12; length < source.length; length += 1) {
        expect(countFrames(format, source.subarray(0, length), 100)).toBeLessThanOrEqual(3);
      }
    },
  );
});
