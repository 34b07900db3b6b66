import { SourceBuffers, withEnding } from './source-buffers';

const MEBIBYTE = 1024 * 1024;
const ENDING = Buffer.from([1, 2, 3]);

test('a source that was allocated as one gets its ending in place', () => {
  const source = new SourceBuffers().allocate(4).fill(9);
  const ended = withEnding(source, 4, ENDING);
  expect([...ended]).toEqual([9, 9, 9, 9, 1, 2, 3]);
  expect(ended.buffer).toBe(source.buffer);
});

test.each([
  ['of a pool', Buffer.from([9, 9, 9, 9])],
  ['that is part of another', new SourceBuffers().allocate(8).fill(9).subarray(2, 6)],
  ['without room behind it', Buffer.alloc(4, 9)],
])('a buffer %s is copied, and stays as it is', (_, source) => {
  const ended = withEnding(source, 3, ENDING);
  expect([...ended]).toEqual([9, 9, 9, 1, 2, 3]);
  expect([...source]).toEqual([9, 9, 9, 9]);
});

describe('a buffer that is no longer needed', () => {
  const isUsedAgain = (
    first: number,
    second: number,
    between?: (buffers: SourceBuffers) => void,
  ) => {
    const buffers = new SourceBuffers();
    const source = buffers.allocate(first);
    buffers.keep(source);
    between?.(buffers);
    const next = buffers.allocate(second);
    expect(next).toHaveLength(second);
    return next.buffer === source.buffer;
  };

  test.each([
    ['of its own size', 8 * MEBIBYTE, 8 * MEBIBYTE, true],
    ['that is a little smaller', 9 * MEBIBYTE, 8 * MEBIBYTE, true],
    ['that is much smaller', 10 * MEBIBYTE, 8 * MEBIBYTE, false],
    ['that is larger', 8 * MEBIBYTE, 8 * MEBIBYTE + 1, false],
  ])('serves a source %s: %i, %i, %p', (_, first, second, expected) => {
    expect(isUsedAgain(first, second)).toBe(expected);
  });

  test('is not kept when it is small, since the allocator keeps it itself', () => {
    expect(isUsedAgain(MEBIBYTE / 4, MEBIBYTE / 4)).toBe(false);
  });

  test('serves one source alone at a time', () => {
    expect(
      isUsedAgain(8 * MEBIBYTE, 8 * MEBIBYTE, (buffers) => buffers.allocate(8 * MEBIBYTE)),
    ).toBe(false);
  });

  test('is not kept beside 32 MiB of others, nor when others made it', () => {
    const buffers = new SourceBuffers();
    const all = Array.from({ length: 5 }, () => buffers.allocate(7 * MEBIBYTE));
    for (const one of [Buffer.allocUnsafeSlow(7 * MEBIBYTE), ...all]) buffers.keep(one);
    const again = Array.from({ length: 5 }, () => buffers.allocate(7 * MEBIBYTE).buffer);
    expect(again.map((buffer) => all.findIndex((one) => one.buffer === buffer))).toEqual([
      0, 1, 2, 3, -1,
    ]);
  });

  test('is given up with all that are kept', () => {
    expect(isUsedAgain(8 * MEBIBYTE, 8 * MEBIBYTE, (buffers) => buffers.clear())).toBe(false);
  });
});
