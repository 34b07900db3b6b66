import sharp from 'sharp';
import type { RenderedImage } from './render-result';

const WIDTH = 8;
const HEIGHT = 8;

/**
 * 64 bits, as 16 hexadecimal digits, of what the smallest of these renditions shows: whether each
 * field of a grid is darker than its right neighbour, row by row. Pictures that look alike differ
 * in few bits: https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html
 */
export async function differenceHash(
  images: readonly Pick<RenderedImage, 'body' | 'width' | 'height'>[],
): Promise<string> {
  const [smallest] = [...images].sort((a, b) => a.width * a.height - b.width * b.height);
  const { data } = await sharp(smallest?.body, { limitInputPixels: false, sequentialRead: true })
    .flatten({ background: 'white' })
    .greyscale()
    .resize(WIDTH + 1, HEIGHT, { fit: 'fill' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  let bits = '';
  for (let row = 0; row < HEIGHT; row += 1)
    for (let column = 0; column < WIDTH; column += 1) {
      const at = row * (WIDTH + 1) + column;
      bits += Number(data.readUInt8(at) < data.readUInt8(at + 1));
    }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}
