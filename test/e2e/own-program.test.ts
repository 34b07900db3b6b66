import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CheckoutCopy, copyCheckout } from '../rehearsal/checkout';

/** What the first line of a text makes the program do before it counts. */
const SCRIPT = `
read -r first rest < "$JOB_INPUT" || true
if [ "$ATTEMPT" = 1 ]; then
  case "$first" in
    later) echo 'not yet' >&2; exit 75 ;;
    crash) kill -SEGV $$ ;;
    fork) setsid -f sleep 600 ;;
  esac
fi
`;

let copy: CheckoutCopy;

beforeAll(async () => {
  copy = await copyCheckout();
}, 60_000);

afterAll(() => copy.remove());

test('a program copied into application-code/ runs, and no other file changes', async () => {
  const { path } = copy;
  const own = join(path, 'application-code/words');
  await cp(join(path, 'examples/words'), own, { recursive: true });
  const script = join(own, 'count-words.sh');
  const [shebang, ...lines] = (await readFile(script, 'utf8')).split('\n');
  await writeFile(script, [shebang, SCRIPT, ...lines].join('\n'));
  const files = {
    'a.txt': 'one two three\n',
    'deep/Été $(x) 1+2%.txt': 'one\n',
    'crash.txt': 'crash and count\n',
    'later.txt': 'later\n',
    'fork.txt': 'fork\n',
    'binary.txt': 'a\0b\n',
  };
  await mkdir(join(path, 'in/deep'), { recursive: true });
  for (const [name, body] of Object.entries(files)) await writeFile(join(path, 'in', name), body);
  const words = ['in', '--workload', 'words', '--out', 'counts'];
  const start = promisify(execFile);
  // A local run does not start the command, and another worker has another recipe.
  const others = ['cli', 'application-code/images', 'lambda/scaler'];
  const made = () =>
    Promise.all(others.map(async (name) => (await stat(join(path, name, 'dist'))).mtimeMs));
  const madeBefore = await made();
  const { stdout } = await start(process.execPath, ['local/start.mjs', ...words], { cwd: path });
  expect(stdout).toContain('JobRejected');
  expect(stdout).toContain('binary.txt has NUL bytes, so it is no text');
  expect(await made()).toEqual(madeBefore);
  const counts = join(path, 'counts');
  const count = async (name: string) => (await readFile(join(counts, name), 'utf8')).trim();
  expect(await count('a.txt.words')).toBe('3');
  expect(await count('deep/Été $(x) 1+2%.txt.words')).toBe('1');
  expect(await count('crash.txt.words')).toBe('3');
  expect(await count('later.txt.words')).toBe('1');
  expect(await count('fork.txt.words')).toBe('1');
  expect(await readdir(counts)).not.toContain('binary.txt.words');
}, 120_000);

test('spillway new makes the folder of a program, which runs at once', async () => {
  const { path } = copy;
  const own = join(path, 'own');
  await mkdir(own);
  const script = '#!/bin/sh\ntr a-z A-Z < "$JOB_INPUT" > "$JOB_OUTPUT/$(basename "$SOURCE_KEY")"\n';
  await writeFile(join(own, 'shout.sh'), script);
  const node = (cwd: string, ...words: string[]) =>
    promisify(execFile)(process.execPath, words, { cwd });
  const spillway = join(path, 'cli/spillway.mjs');
  const words = `it's "so" \\ ${'very-'.repeat(9)} ${'long-'.repeat(9)}`;
  const { stdout } = await node(own, spillway, 'new', 'shouts', '--command', `./shout.sh ${words}`);
  const [, command = ''] = /npm start -- (.*)$/m.exec(stdout) ?? [];
  expect(command).toBe('--workload shouts');
  await node(path, 'local/start.mjs', ...command.split(' '), '--out', 'shouted');
  expect(await readFile(join(path, 'shouted/hello.txt'), 'utf8')).toBe('HELLO.\n');
  expect(await readdir(join(path, 'application-code/shouts'))).toContain('Dockerfile');
  const check = ['check', '--error-on-warnings', 'application-code/shouts'];
  await node(path, 'node_modules/@biomejs/biome/bin/biome', ...check);
}, 120_000);

test('a recipe.ts that cannot be used is told in one sentence, whatever is started', async () => {
  const { path } = copy;
  const recipe = join(path, 'application-code/words/recipe.ts');
  const right = await readFile(recipe, 'utf8');
  const saidBy = async (text: string, ...words: string[]) => {
    await writeFile(recipe, text);
    const failed = await promisify(execFile)(process.execPath, words, { cwd: path }).catch(Object);
    await writeFile(recipe, right);
    return failed.stderr;
  };
  const unclosed = 'export const recipe = ;';
  const where =
    'The code could not be built: application-code/words/recipe.ts:1:23: Unexpected ";". ' +
    'Fix it, and run the command again.\n';
  const start = ['local/start.mjs', '--workload', 'words', '--out', 'none'];
  expect(await saidBy(unclosed, ...start)).toBe(where);
  expect(await saidBy(unclosed, 'cli/spillway.mjs', 'pause')).toBe(`spillway: ${where}`);
  expect(await saidBy("throw new Error('no licence');", ...start)).toBe(
    'application-code/words/recipe.ts says: no licence; fix it, and run the command again.\n',
  );
}, 120_000);
