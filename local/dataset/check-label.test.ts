import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkLabel } from './check-label';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-label-'));
  for (const path of ['a b/1.jpg', 'a b/2.jpg', 'ü/n01_3.jpg', 'ü/4.jpg']) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const PART = { kind: 'shards', samples: 1, mebibytes: 1, seconds: 1 } as const;
const check = (pattern: string) => checkLabel(folder, { ...PART, label: { pattern } });

describe('a pattern of labels', () => {
  test.each(['/(n\\d+)_', '^(\\p{L}+)/'])('%s matches some files', async (pattern) => {
    await expect(check(pattern)).resolves.toBeUndefined();
  });

  test('that matches no file fails, with three of those that were tried', async () => {
    const error = await check('^(dog|cat)_').catch(String);
    expect(error).toMatch(/"\^\(dog\|cat\)_" matches none of 4, among them "[^"]+", "[^"]+", "/);
    expect(error).toContain('NoLabel');
    expect(error?.match(/jpg/g)).toHaveLength(3);
  });

  test('is not judged by a folder without files', async () => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await expect(check('^(dog)')).resolves.toBeUndefined();
  });

  test('is the only rule that can fail', async () => {
    await checkLabel(folder, { ...PART, label: 'folder' });
    await checkLabel(folder, { kind: 'objects' });
  });
});
