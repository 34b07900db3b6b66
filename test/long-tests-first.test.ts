import { tmpdir } from 'node:os';

const LongTestsFirst = require('./long-tests-first.cjs');

const PROJECTS = ['unit', 'e2e', 'chaos', 'architecture', 'image', 'rehearsal'];

/** A file of a project, as jest lists it before any has run. */
function fileOf(name: string, at: number) {
  const config = {
    displayName: { name, color: 'white' },
    id: 'no-run-before',
    cacheDirectory: tmpdir(),
  };
  return { path: `/${name}-${at}.test.ts`, context: { config, hasteFS: { getSize: () => at } } };
}

test(
  'tests that start processes come before all unit tests, the longest kind of them first, ' +
    'however small their files are',
  () => {
    const files = [0, 1].flatMap((at) => PROJECTS.map((name) => fileOf(name, at)));
    const sorted: ReturnType<typeof fileOf>[] = new LongTestsFirst({
      contexts: [],
      globalConfig: {},
    }).sort(files);
    const names = sorted.map(({ context }) => context.config.displayName.name);
    const long = ['rehearsal', 'image', 'chaos', 'e2e'];
    expect(names.slice(0, 8)).toEqual(long.flatMap((name) => [name, name]));
    expect(new Set(sorted)).toEqual(new Set(files));
  },
);
