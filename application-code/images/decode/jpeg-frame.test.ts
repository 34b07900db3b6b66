import { scene } from '../../../test/fakes/pictures/pictures';
import { readJpegFrame } from './jpeg-frame';

const PIXELS = 6_400;

/** Markers of a JPEG with one frame and the start of its first scan, and nothing to decode. */
function jpeg(startOfFrame: number, sampling: readonly number[], scanComponents: number): Buffer {
  const components = sampling.flatMap((factors, index) => [index + 1, factors, 0]);
  const frame = [
    0xff,
    startOfFrame,
    0,
    8 + components.length,
    8,
    0,
    80,
    0,
    80,
    sampling.length,
    ...components,
  ];
  const filler = [0xff, 0xff, 0xe0, 0, 4, 0xff, 0xda];
  return Buffer.from([
    0xff,
    0xd8,
    ...filler,
    ...frame,
    0xff,
    0xda,
    0,
    12,
    scanComponents,
    1,
    0,
    2,
    0,
    3,
    0,
  ]);
}

describe('a JPEG keeps its coefficients', () => {
  test.each([
    ['not when it is baseline, in one scan', 0xc0, [0x22, 0x11, 0x11], 3, 0],
    ['when it is baseline, colour after colour', 0xc0, [0x22, 0x11, 0x11], 1, 3],
    ['when it is progressive, 4:2:0', 0xc2, [0x22, 0x11, 0x11], 3, 3],
    ['when it is progressive, 4:2:2', 0xc2, [0x21, 0x11, 0x11], 3, 4],
    ['when it is progressive, 4:4:4', 0xc2, [0x11, 0x11, 0x11], 3, 6],
    ['when it is progressive, CMYK', 0xc2, [0x11, 0x11, 0x11, 0x11], 4, 8],
    ['when it is progressive, arithmetic, grey', 0xca, [0x11], 1, 2],
  ] as const)('%s', (_, startOfFrame, sampling, scanComponents, bytesPerPixel) => {
    const frame = readJpegFrame(jpeg(startOfFrame, sampling, scanComponents), PIXELS);
    expect(frame).toMatchObject({
      coefficientBytes: bytesPerPixel * PIXELS,
      startOfFrame,
      precision: 8,
    });
  });

  test('of which nothing is known when no scan is found, wherever the file ends', async () => {
    const source = await scene(80, 80).jpeg().toBuffer();
    const scan = source.indexOf(Buffer.from([0xff, 0xda]));
    for (let length = 0; length < scan; length += 1) {
      expect(readJpegFrame(source.subarray(0, length), PIXELS)).toBeUndefined();
    }
    expect(readJpegFrame(source, PIXELS)).toMatchObject({ coefficientBytes: 0 });
  });
});
