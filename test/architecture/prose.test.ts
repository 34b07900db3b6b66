import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proseFaults } from './prose';
import { NOT_YET } from './words';

const root = join(__dirname, '../..');
/**
 * Data, the licence, this file, which quotes idioms, and the workloads that a user adds: they have
 * their own language and their own samples.
 */
const NOT_READ = new RegExp(
  '\\.(json|svg|png|jpe?g|webp|gif|zip|txt|sum|mod)$|^LICENSE$|/prose\\.test\\.ts$' +
    '|^application-code/(?!worker|images|command|povray)[^/]+/',
  'i',
);
const faults = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => !NOT_READ.test(file) && file !== '' && existsSync(join(root, file)))
  .flatMap((file) => proseFaults(file, readFileSync(join(root, file), 'utf8')));

describe('what people read', () => {
  test('is plain English, in lines of at most 100 columns', () => {
    expect(faults.filter((fault) => !NOT_YET.some((place) => fault.startsWith(place)))).toEqual([]);
  });

  test('is not plain yet in each exception: what has become plain leaves the list', () => {
    expect(NOT_YET.filter((place) => !faults.some((fault) => fault.startsWith(place)))).toEqual([]);
  });
});

describe('the rules themselves fail', () => {
  test.each([
    ['a comment', 'a.ts', '// Whoever reads', 'a.ts:1 says "Whoever"'],
    [
      'a doc comment, whatever its line',
      'a.ts',
      '\n/**\n * It gives two. */',
      'a.ts:3 says "gives"',
    ],
    ['words on two lines of a comment', 'a.ts', '// It goes\n// on.', 'a.ts:1 says "goes on"'],
    ['words on two lines of a block', 'a.ts', '/* for\n * ever */', 'a.ts:1 says "for ever"'],
    ['a text', 'a.mjs', "say('waits for ever');", 'a.mjs:1 says "for ever"'],
    ['a text over two lines', 'a.ts', "say('waits for ' +\n  'ever');", 'a.ts:1 says "for ever"'],
    [
      'what a template says beside its values',
      'a.ts',
      'say(`$' + '{a} goes on`);',
      'says "goes on"',
    ],
    ['a document', 'a.md', 'Fixed.\nNobody knows.', 'a.md:2 says "Nobody"'],
    ['a comment of YAML', 'a.yml', 'on: push # tells of it', 'a.yml:1 says "tells of"'],
    ['a long line of code', 'a.ts', `f(${'a'.repeat(98)})`, 'a.ts:1 has 101 columns; at most 100'],
    ['a long line beside an address', 'a.md', `${'b'.repeat(101)} https://a.b/c`, '115 columns'],
  ])('fails for %s', (_what, file, source, fault) => {
    expect(proseFaults(file, source)).toEqual([expect.stringContaining(fault)]);
  });

  test.each([
    ['names in code', 'a.ts', 'const somebody = object.gives(mind);'],
    ['code inside a template', 'a.ts', 'say(`$' + '{nobody}`);'],
    ['a regular expression', 'a.ts', 'const anew = /anew/;'],
    [
      'words that only begin like an idiom',
      'a.md',
      'Recommended: it gives up. Be items of lateness.',
    ],
    ['an address', 'a.md', `See https://${'a'.repeat(120)}.`],
    ['a row of a table', 'a.md', `| ${'a '.repeat(80)}|`],
    ['a line of 100 columns, counted in characters', 'a.md', '…'.repeat(100)],
  ])('passes %s', (_what, file, source) => {
    expect(proseFaults(file, source)).toEqual([]);
  });
});
