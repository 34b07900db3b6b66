import fc from 'fast-check';
import { collisions, keyOf, type OutputPattern, parsePattern } from './output-pattern';

const pattern = (text: string) => parsePattern(text) as OutputPattern;

test.each([
  ['{name}', [], 'a/b/scene.zip', 'a/b/scene.zip'],
  ['{name}.png', [], 'a/b/scene.zip', 'a/b/scene.zip.png'],
  ['{stem}.png', ['.zip'], 'a/b/scene.zip', 'a/b/scene.png'],
  ['{stem}', ['.tar.gz'], 'x.tar.gz', 'x'],
  ['page-{stem}.txt', ['.tif'], 'a.b/c.d.tif', 'a.b/page-c.d.txt'],
  ['posters/{stem}.jpg', ['.mov'], 'a/film.mov', 'a/film.jpg'],
] as const)('%s with suffixes %j makes %s %s, below its folder', (text, suffixes, path, key) => {
  expect(keyOf(pattern(text), suffixes, path)).toBe(key);
});

test.each([
  'result.txt',
  '{name}{stem}',
  '{Name}',
  '/{name}',
  '../{name}',
  'a/./{name}',
  'a//{name}',
  '{name}/x',
  'a b/{name}',
  '',
  7,
])('%j is no pattern, and the fault shows what is one', (text) => {
  expect(parsePattern(text)).toContain("must be like '{name}', '{stem}.txt'");
});

test('a key that ends in no suffix is not taken', () => {
  expect(() => keyOf(pattern('{name}'), ['.wav', '.mp3'], 'a/b.ogg')).toThrow(
    'Expected a key that ends in .wav or .mp3 but received b.ogg',
  );
});

test.each([
  [['{name}', '{name}'], [], 'the same'],
  [['{name}', '{name}.txt'], [], 'a.txt may be a source, too'],
  [['{name}', 'posters/{name}'], [], 'posters/a may be a source, too'],
  [['a/{name}', 'a/b/{name}'], [], 'b/x may be a source, too'],
  [['{stem}.txt', '{stem}.txt'], ['.wav'], 'the same'],
  [['{stem}.wav.txt', '{name}.txt'], ['.wav'], 'two ways of writing one'],
  [['x{stem}.txt', '{stem}.txt'], ['.wav'], 'xa.wav and a.wav'],
] as const)('%j with suffixes %j collide: %s', (texts, suffixes, _example) => {
  expect(collisions(texts.map(pattern), suffixes)).toHaveLength(1);
});

test.each([
  [['web/{name}', 'posters/{name}'], []],
  [['{stem}.mp4', '{stem}.jpg'], ['.mov']],
  [['{stem}.mp4', 'posters/{stem}.jpg'], ['.mov']],
  [['{name}', '{name}.txt'], ['.wav']],
  [['a-{stem}.txt', 'b-{stem}.txt'], ['.wav']],
] as const)('%j with suffixes %j never collide', (texts, suffixes) => {
  expect(collisions(texts.map(pattern), suffixes)).toEqual([]);
});

const part = fc.constantFrom('', 'a', 'b', '.a', '.b', 'a.b', '.a.b');
const texts = fc
  .tuple(fc.constantFrom('', 'a/', 'b/', 'a/b/'), part, fc.constantFrom('name', 'stem'), part)
  .map(([folder, before, kept, after]) => `${folder}${before}{${kept}}${after}`);

test('patterns that cannot collide write a key of its own for each source and pattern', () => {
  const name = fc.constantFrom('', 'a', 'b', '.a', 'a.b', 'b.a.b');
  const sources = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('', 'a/', 'b/', 'a/b/'), name)
      .map(([folder, base]) => `${folder}${base}.b`),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), sources, (all, paths) => {
      const patterns = all.map(pattern);
      fc.pre(collisions(patterns, ['.b']).length === 0);
      const keys = paths.flatMap((path) =>
        patterns.map((one) => `${one.folder}${keyOf(one, ['.b'], path)}`),
      );
      expect(new Set(keys).size).toBe(paths.length * patterns.length);
    }),
    { numRuns: 2_000 },
  );
});
