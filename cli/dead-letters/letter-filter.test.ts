import { NOW, tryCommand } from '../../test/fakes/cli/fake-session';
import type { Letter } from './letter';
import { letterFilter } from './letter-filter';

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
