import fc from 'fast-check';
import { OutPaths } from './out-path';

const joined = (paths: OutPaths, key: string) => paths.pathOf(key).parts.join('/');

describe('OutPaths', () => {
  test.each([
    ['224x224/holiday/Été 1.JPG', 'spaces, umlauts and upper case'],
    ['224x224/back\\slash.jpg', 'a backslash is a letter here'],
    ['224x224/..hidden', 'two dots that begin a name'],
    ['224x224/%2e%2e/a.jpg', 'what only looks like a folder above'],
  ])('keeps %s as it is: %s', (key) => {
    expect(new OutPaths(true).pathOf(key)).toEqual({ parts: key.split('/') });
  });

  test.each([
    ['../../etc/passwd', 'folders above'],
    ['/etc/passwd', 'an absolute path'],
    ['a//b', 'an empty part'],
    ['a/./b', 'a folder that is itself'],
    ['a/\0', 'a byte that ends names'],
    [`a/${'ü'.repeat(128)}.jpg`, 'a part of 260 bytes'],
  ])('renames %j and says so: %s', (key) => {
    const { parts, renamed } = new OutPaths(true).pathOf(key);
    expect(renamed).toBeDefined();
    for (const part of parts) expect(isLegal(part)).toBe(true);
  });

  test('keeps the extension of a name that is too long', () => {
    expect(joined(new OutPaths(true), `web/${'x'.repeat(251)}.jpg.webp`)).toMatch(
      /^web\/x{200,}.*~[0-9a-f]{12}\.webp$/,
    );
  });

  test('keeps names apart that differ only in case where the file system does not', () => {
    const paths = new OutPaths(false);
    expect(joined(paths, 's/A.jpg')).toBe('s/A.jpg');
    expect(paths.pathOf('s/a.jpg').renamed).toBe('taken by another name');
    expect(joined(new OutPaths(true), 's/a.jpg')).toBe('s/a.jpg');
  });

  test('keeps a file and a folder of the same name apart, whichever comes first', () => {
    const paths = new OutPaths(true);
    expect(joined(paths, 's/a.webp')).toBe('s/a.webp');
    expect(joined(paths, 's/a.webp/b.webp')).toMatch(/^s\/a~[0-9a-f]{12}\.webp\/b\.webp$/);
    expect(joined(paths, 's/c/d.webp')).toBe('s/c/d.webp');
    expect(joined(paths, 's/c')).toMatch(/^s\/c~/);
  });

  test('never takes the path of the page or of the run’s own folder', () => {
    const paths = new OutPaths(true, ['index.html', '.spillway']);
    expect(joined(paths, 'index.html/a.jpg')).toMatch(/^index~[0-9a-f]{12}\.html\/a\.jpg$/);
    expect(joined(paths, '.spillway/run.json')).not.toMatch(/^\.spillway\//);
  });

  const part = fc.oneof(
    fc.constantFrom(
      '',
      '.',
      '..',
      'a',
      'A',
      'ä',
      'A\u0308',
      '%2e%2e',
      'index.html',
      '\0',
      'x'.repeat(300),
    ),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

  test('never leaves the folder, never has an illegal part, never returns one path twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 20 }), fc.boolean(), (keys, caseSensitive) => {
        const paths = new OutPaths(caseSensitive, ['index.html']);
        const given = keys.map((one) => paths.pathOf(one).parts);
        for (const one of given.flat()) expect(isLegal(one)).toBe(true);
        const folded = given.map((parts) =>
          caseSensitive ? parts.join('/') : fold(parts.join('/')),
        );
        expect(new Set(folded).size).toBe(keys.length);
        const isParent = folded.some((file) =>
          folded.some((other) => other.startsWith(`${file}/`)),
        );
        expect(isParent).toBe(false);
      }),
    );
  });

  test('returns the same path again for the same key', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 10 }), (keys) => {
        const paths = new OutPaths(true);
        const first = keys.map((one) => paths.pathOf(one));
        expect(keys.map((one) => paths.pathOf(one))).toEqual(first);
      }),
    );
  });
});

const fold = (text: string) => text.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');

function isLegal(part: string): boolean {
  return (
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    !/[/\0]/.test(part) &&
    Buffer.byteLength(part) <= 255
  );
}
