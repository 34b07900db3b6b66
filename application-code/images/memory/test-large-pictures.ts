export interface JpegShape {
  readonly progressive: boolean;
  /** Sampling factors of each component, horizontal and vertical in four bits each. */
  readonly sampling: readonly number[];
}

/**
 * A grey JPEG of any size, made in milliseconds; its decoder works as long as on any other. Its
 * only Huffman code is the bit 0, which means "as before" for the mean of a block and "end" for
 * its details, so that its scan is nothing but zeros.
 */
export function flatJpeg(
  width: number,
  height: number,
  { progressive, sampling }: JpegShape,
): Buffer {
  const components = sampling.map((factors, index) => [index + 1, factors, 0]);
  const scanned = sampling.map((_, index) => [index + 1, 0]);
  const dimensions = [height >> 8, height & 255, width >> 8, width & 255];
  const code = [1, ...Array(15).fill(0), 0];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(progressive ? 0xc2 : 0xc0, [8, ...dimensions, sampling.length, ...components.flat()]),
    segment(0xc4, [0x00, ...code, 0x10, ...code]),
    segment(0xda, [sampling.length, ...scanned.flat(), 0, progressive ? 0 : 63, 0]),
    Buffer.alloc(Math.ceil((blocks(width, height, sampling) * (progressive ? 1 : 2)) / 8)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

function blocks(width: number, height: number, sampling: readonly number[]): number {
  const across = Math.max(...sampling.map((factors) => factors >> 4));
  const down = Math.max(...sampling.map((factors) => factors & 15));
  const units = Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down));
  return units * sampling.reduce((sum, factors) => sum + (factors >> 4) * (factors & 15), 0);
}
