import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const WORKLOAD = 'application-code/words';
const PROGRAM = join(__dirname, 'lay-engine.mjs');
const FILES: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify({
    packages: {
      [WORKLOAD]: { dependencies: { dictionary: '1' }, optionalDependencies: { macos: '1' } },
      'node_modules/dictionary': { dependencies: { letters: '1' } },
      'node_modules/letters': {},
      'node_modules/dictionary/node_modules/letters': {},
      'node_modules/macos': {},
      'node_modules/other': {},
    },
  }),
  'node_modules/dictionary/index.js': '',
  'node_modules/dictionary/node_modules/letters/index.js': '',
  'node_modules/letters/index.js': '',
  'node_modules/other/index.js': '',
  [`${WORKLOAD}/dist/main.js`]: 'main',
  [`${WORKLOAD}/dist/main.js.map`]: 'map',
  [`${WORKLOAD}/count.sh`]: '#!/bin/sh\n',
  [`${WORKLOAD}/lists/dist/words.txt`]: 'words',
  [`${WORKLOAD}/recipe.test.ts`]: '',
  [`${WORKLOAD}/Dockerfile`]: '',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-engine-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o644 });
  }
});
afterEach(() => rm(folder, { recursive: true }));

const layEngine = () =>
  promisify(execFile)(process.execPath, [PROGRAM, WORKLOAD, 'engine'], { cwd: folder });
const isThere = (path: string) =>
  access(join(folder, 'engine', path)).then(
    () => true,
    () => false,
  );

test('an engine is the bundle, Node, the folder of the workload and its packages', async () => {
  await layEngine();
  const paths = [
    'dist/main.js',
    'bin/node',
    'workload/count.sh',
    'workload/lists/dist/words.txt',
    'node_modules/dictionary/index.js',
    'node_modules/dictionary/node_modules/letters/index.js',
  ];
  expect(await Promise.all(paths.map(isThere))).toEqual(paths.map(() => true));
  const left = ['dist/main.js.map', 'workload/dist', 'workload/Dockerfile', 'node_modules/other'];
  expect(await Promise.all(left.map(isThere))).toEqual(left.map(() => false));
  expect(await isThere('workload/recipe.test.ts')).toBe(false);
});

test('a program can be started, even if an archive of the source has lost that', async () => {
  await layEngine();
  await access(join(folder, 'engine/workload/count.sh'), constants.X_OK);
  expect(await readFile(join(folder, 'engine/workload/count.sh'), 'utf8')).toBe('#!/bin/sh\n');
});

test('fails without a bundle, and names the command that makes it', async () => {
  await rm(join(folder, WORKLOAD, 'dist'), { recursive: true });
  await expect(layEngine()).rejects.toThrow(
    'application-code/words has no bundle: run `node build.mjs application-code/words` first.',
  );
});
