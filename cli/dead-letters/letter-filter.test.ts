import fc from 'fast-check';
import { NOW, tryCommand } from '../../test/fakes/cli/fake-session';
import type { Letter } from './letter';
import { keyMatcher, letterFilter } from './letter-filter';

const HOUR = 3_600_000;
const letter = (more: Partial<Letter>): Letter => ({
  messageId: 'm1',
  code: 'Undecodable',
  message: 'Broken.',
  keys: ['ecsproc/a.jpg'],
  at: NOW - HOUR,
  body: '',
  ...more,
});

describe('letterFilter', () => {
  test.each([
    ['no filter at all', {}, {}, true],
    ['the code', { fault: ['Undecodable', 'EmptySource'] }, {}, true],
    ['another code', { fault: ['EmptySource'] }, {}, false],
    ['a key on the level of the pattern', { key: 'ecsproc/*.jpg' }, {}, true],
    ['a key below it', { key: 'ecsproc/*.jpg' }, { keys: ['ecsproc/b/a.jpg'] }, false],
    ['a key at any depth', { key: 'ecsproc/**' }, { keys: ['ecsproc/b/.c/Été 1.JPG'] }, true],
    ['one of several keys', { key: '**/z.*' }, { keys: ['ecsproc/a', 'ecsproc/b/z.png'] }, true],
    [
      'a key that is another without its brackets',
      { key: 'a (1).jpg' },
      { keys: ['a 1.jpg'] },
      false,
    ],
    ['a key that is unknown', { key: '**' }, { keys: [] }, false],
    ['exactly the age', { olderThan: HOUR }, {}, true],
    ['not yet the age', { olderThan: HOUR + 1 }, {}, false],
    ['young enough', { newerThan: HOUR }, {}, true],
    ['too old', { newerThan: HOUR - 1 }, {}, false],
    ['between two ages', { olderThan: 1, newerThan: 2 * HOUR }, {}, true],
    ['one of two that does not hold', { fault: ['Undecodable'], key: 'other/**' }, {}, false],
  ] as const)('judges %s', (_title, options, more, isWanted) => {
    expect(letterFilter(options, NOW)(letter(more))).toBe(isWanted);
  });
});

describe('the filter options', () => {
  test.each([
    ['--fault Undecodeable', '"Undecodeable" is no fault code; there are: MalformedMessage, '],
    ['--fault Undecodeable', 'Did you mean Undecodable?'],
    ['--fault unattributed', 'Did you mean Unattributed?'],
    ['--older-than 2', 'It must be a duration such as 90s, 15m, 2h or 3d.'],
    ['--newer-than 1w', 'It must be a duration'],
    ["--key ''", 'It must be a pattern'],
    ['--limit 0', 'It must be a whole number from 1 to'],
  ])('fails on %s', async (option, sentence) => {
    const { error } = await tryCommand(`dlq list ${option}`);
    expect(String(error)).toContain(sentence);
  });
});

describe('keyMatcher', () => {
  test.each([
    ['a star for nothing', 'a*', 'a', true],
    ['a star for what has no slash', 'ecsproc/*.jpg', 'ecsproc/a.b.jpg', true],
    ['no star for a slash', 'ecsproc/*.jpg', 'ecsproc/a/b.jpg', false],
    ['two stars for a slash, also behind a name', 'ecsproc/20**', 'ecsproc/2024/x.jpg', true],
    ['two stars for nothing', 'ecsproc/20**', 'ecsproc/20', true],
    ['two stars before a name for no folder', '**/z.*', 'z.png', true],
    ['two stars before a name for folders', '**/z.*', 'a/b/z.png', true],
    ['two stars before a name for whole folders alone', '**/z.*', 'a/bz.png', false],
    ['two stars between two folders for none', 'a/**/b', 'a/b', true],
    ['two stars between two folders for some', 'a/**/b', 'a/x/y/b', true],
    ['two stars behind a name for no missing slash', 'a**/b', 'ab', false],
    ['brackets as brackets', 'ecsproc/IMG (1).jpg', 'ecsproc/IMG 1.jpg', false],
    ['braces as braces', '{a,b}', 'a', false],
    ['a class as a name', '[ab]', 'a', false],
    ['a question mark as one', '?', 'a', false],
    ['an exclamation mark as one', '!a', 'b', false],
    ['the case', 'a.JPG', 'a.jpg', false],
    ['a dot and a newline as others', 'a/*', 'a/.b\nc', true],
    ['the whole key', 'a', 'ab', false],
  ])('takes %s', (_title, pattern, key, isLike) => {
    expect(keyMatcher(pattern)(key)).toBe(isLike);
  });

  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const nasty = fc.string({ unit: fc.constantFrom(...'ab/.?![]{}()|+@^$\\\n'), maxLength: 12 });

  test('takes a key without stars for itself alone', () => {
    const plain = fc.oneof(text, nasty).map((key) => key.replaceAll('*', ''));
    fc.assert(
      fc.property(plain, plain, (key, other) => {
        expect(keyMatcher(key)(key)).toBe(true);
        expect(keyMatcher(key)(other)).toBe(key === other);
      }),
    );
  });

  test('agrees with one that tries everything', () => {
    const pattern = fc.string({
      unit: fc.constantFrom('*', '**', '**/', '/', 'a', 'b'),
      maxLength: 6,
    });
    const key = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.'), maxLength: 7 });
    fc.assert(
      fc.property(pattern, key, (one, other) => {
        expect(keyMatcher(one)(other)).toBe(isLike(one, other));
      }),
      { numRuns: 3_000 },
    );
  });

  test('comes to an end however many stars there are', () => {
    expect(keyMatcher(`${'*a'.repeat(100)}*b`)('a'.repeat(1_024))).toBe(false);
    expect(keyMatcher(`${'**a'.repeat(100)}**b`)('a'.repeat(1_024))).toBe(false);
    expect(keyMatcher(`${'**/'.repeat(100)}b`)('a/'.repeat(512))).toBe(false);
  });
});

function isLike(pattern: string, key: string, isFolderStart = true): boolean {
  if (pattern === '') return key === '';
  const rests = Array.from({ length: key.length + 1 }, (_, index) => [
    key.slice(0, index),
    key.slice(index),
  ]);
  if (isFolderStart && pattern.startsWith('**/') && isLike(pattern.slice(3), key)) return true;
  if (pattern.startsWith('**'))
    return rests.some(([, rest = '']) => isLike(pattern.slice(2), rest, false));
  if (pattern.startsWith('*'))
    return rests.some(
      ([taken = '', rest = '']) => !taken.includes('/') && isLike(pattern.slice(1), rest, false),
    );
  return key[0] === pattern[0] && isLike(pattern.slice(1), key.slice(1), pattern[0] === '/');
}
