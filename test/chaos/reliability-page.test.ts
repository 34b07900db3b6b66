import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_FAULT_KINDS } from './fault-kinds';
import { makeStories } from './kill-table/stories';

const ROOT = join(__dirname, '..', '..');
const ROOMS = [
  'application-code/worker/src',
  'application-code/images',
  'lambda/scaler',
  'test/chaos',
];
const PAGE = readFileSync(join(ROOT, 'docs', 'reliability.md'), 'utf8');

describe('docs/reliability.md', () => {
  test.each(ALL_FAULT_KINDS)('says what happens under %s', (kind) => {
    expect(PAGE).toContain(`\`${kind}\``);
  });

  test('names tests that exist', () => {
    const files = ROOMS.flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true }).map(String),
    );
    const named = [...PAGE.matchAll(/[\w/-]+\.test\.ts/g)].map(([name]) => name.split('/').at(-1));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual(
      [],
    );
  });

  test('names stories of the kill table that there are', async () => {
    const titles = (await makeStories()).map(({ title }) => title);
    const quoted = [...PAGE.matchAll(/kill table, "([^"]+)"/g)].map(([, words = '']) => words);
    expect(quoted.length).toBeGreaterThan(1);
    for (const words of quoted) expect(titles.join('\n')).toContain(words);
    expect(PAGE).toContain(`all ${titles.length === 8 ? 'eight' : titles.length}`);
  });
});
