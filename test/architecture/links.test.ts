import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deadReferences, type Repository } from './links';

const root = join(__dirname, '../..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const parentsOf = (path: string): string[] =>
  path === '.' ? [] : [path, ...parentsOf(dirname(path))];
const repository: Repository = {
  documents: new Map(
    files
      .filter((file) => file.endsWith('.md'))
      .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  ),
  paths: new Set(files.flatMap(parentsOf)),
  scripts: new Set(
    Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts),
  ),
};

test('links, anchors, paths and npm scripts of the documents lead somewhere', () => {
  const dead = [...repository.documents.keys()].flatMap((file) => deadReferences(file, repository));
  expect(dead).toEqual([]);
});

describe('the rules themselves fail', () => {
  const holding = (text: string): Repository => ({
    documents: new Map([
      ['docs/a.md', text],
      ['b.md', '# What `b` says: all, twice'],
    ]),
    paths: new Set(['docs', 'docs/a.md', 'b.md']),
    scripts: new Set(['check']),
  });

  test.each([
    ['a link to no file', '[c](../c.md)', '../c.md'],
    ['an anchor that no heading has', '[b](../b.md#what-c-says)', '../b.md#what-c-says'],
    ['an anchor of its own', '[here](#nowhere)', '#nowhere'],
    ['a path of no file', 'See `docs/c.md`.', 'docs/c.md'],
    ['a script that does not exist', '```sh\nnpm run chek\n```', 'chek'],
  ])('fails for %s', (_what, text, reference) => {
    expect(deadReferences('docs/a.md', holding(text))).toEqual([
      `docs/a.md refers to ${reference}`,
    ]);
  });

  test.each([
    ['a link, with and without an anchor', '[b](../b.md) [c](../b.md#what-b-says-all-twice)'],
    ['an address', '[b](https://example.com/#b)'],
    ['a path, a folder and a pattern', '`docs/a.md`, `docs/`, `docs/*.md`'],
    ['a script', '`npm run check`'],
  ])('passes %s', (_what, text) => {
    expect(deadReferences('docs/a.md', holding(text))).toEqual([]);
  });
});
