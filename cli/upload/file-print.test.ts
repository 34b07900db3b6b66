import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isSame, printOf } from './file-print';

const MIB = 1_048_576;
const md5 = (data: Buffer | string) => createHash('md5').update(data).digest();
const chunks = (data: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(data.length / size) }, (_, index) =>
      data.subarray(index * size, (index + 1) * size),
    ),
  );

describe('printOf', () => {
  test('is the MD5 and the SHA-256 of a file that goes up whole', async () => {
    expect(await printOf(chunks(Buffer.from('abc'), 2), 3)).toEqual({
      etag: '900150983cd24fb0d6963f7d28e17f72',
      sha256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
    });
  });

  test('is that of nothing for an empty file', async () => {
    expect((await printOf(Readable.from([]), 0)).etag).toBe('d41d8cd98f00b204e9800998ecf8427e');
  });

  test('is made of the parts of a file that goes up in parts, however it is read', async () => {
    const data = Buffer.alloc(17 * MIB, 'x');
    const parts = [
      data.subarray(0, 8 * MIB),
      data.subarray(8 * MIB, 16 * MIB),
      data.subarray(16 * MIB),
    ];
    const { etag, sha256 } = await printOf(chunks(data, 3 * MIB), data.length);
    expect(etag).toBe(`${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3`);
    expect(sha256).toMatch(/^[\w+/]{43}=-3$/);
  });
});

describe('isSame', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-print-'));
    await writeFile(join(folder, 'a'), 'abc');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['the MD5', { bytes: 3, etag: '900150983cd24fb0d6963f7d28e17f72' }, true],
    [
      'the checksum, where a KMS key makes the ETag no MD5',
      { bytes: 3, etag: 'x', sha256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=' },
      true,
    ],
    ['the size alone', { bytes: 3, etag: 'x' }, false],
    ['another size', { bytes: 4, etag: '900150983cd24fb0d6963f7d28e17f72' }, false],
  ])('judges by %s', async (_title, there, same) => {
    const file = { kind: 'file', path: join(folder, 'a'), relativePath: 'a', bytes: 3 } as const;
    expect(await isSame(file, there)).toBe(same);
  });
});
