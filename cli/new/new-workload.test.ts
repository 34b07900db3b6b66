import { execFileSync } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewOptions, newWorkload } from './new-workload';

const DOCKERFILE = join(__dirname, '../../application-code/command/Dockerfile');

let root: string;
let applicationCode: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'new-'));
  applicationCode = join(root, 'application-code');
  await mkdir(join(applicationCode, 'command'), { recursive: true });
  await cp(DOCKERFILE, join(applicationCode, 'command/Dockerfile'));
});

afterEach(() => rm(root, { recursive: true }));

const make = (options: Partial<NewOptions> = {}) =>
  newWorkload(
    { name: 'transcripts', command: './transcribe.sh', ...options },
    { applicationCode, workingFolder: root, path: '/usr/bin:/bin' },
  );
const read = (file: string, name = 'transcripts') =>
  readFile(join(applicationCode, name, file), 'utf8');

async function program(name: string, text = '#!/bin/sh\n') {
  await writeFile(join(root, name), text);
  await chmod(join(root, name), 0o600);
}

describe('newWorkload', () => {
  test('makes everything that a workload is made of', async () => {
    const { files, remarks } = await make();
    expect(files).toEqual([
      ...['recipe.ts', 'workload.ts', 'canary.ts', 'Dockerfile', 'README.md'],
      ...['transcribe.sh', 'samples/hello.txt'],
    ]);
    expect(remarks).toEqual([]);
    expect(await readdir(applicationCode)).toEqual(['command', 'transcripts']);
    expect(await read('Dockerfile')).toContain('\nARG WORKLOAD=transcripts\n');
    expect(await read('Dockerfile')).not.toMatch(/NAME|Copy it/);
    expect(await read('canary.ts')).toContain("commandCanary(recipe, 'transcripts')");
  });

  test('writes what is asked for into the recipe', async () => {
    const sizes = { suffix: '.wav', jobCpus: 0.5, jobMemoryMiB: 100 };
    await make({ name: 'two-words', outputs: ['{stem}.txt', 'x/{stem}.vtt'], ...sizes });
    const recipe = await read('recipe.ts', 'two-words');
    for (const line of [
      "  argv: ['./transcribe.sh'],",
      "  outputs: ['{stem}.txt', 'x/{stem}.vtt'],",
      "  suffixes: ['.wav'],",
      '  jobCpus: 0.5,',
      '  jobMemoryMiB: 100,',
      "    readonly 'two-words': {",
    ])
      expect(recipe).toContain(`\n${line}\n`);
  });

  test.each([
    ['a shell', './a.sh'],
    ['Python', './a.py'],
    ['a shell, where the name has no ending', './a'],
  ])(
    'writes a program for %s that makes every output, and says what cannot be done',
    async (_, command) => {
      await make({ command, suffix: '.wav', outputs: ['{stem}.txt', 'x/{name}.copy'] });
      const run = (input: string) => {
        const folder = join(root, 'job');
        execFileSync('sh', ['-c', `rm -rf job; mkdir -p job/output; printf '${input}' > job/in`], {
          cwd: root,
        });
        const file = join(applicationCode, 'transcripts', command);
        const env = {
          ...{ PATH: process.env.PATH, SOURCE_KEY: 'in/a b.wav', RECIPE: '{}' },
          ...{ JOB_INPUT: `${folder}/in`, JOB_OUTPUT: `${folder}/output` },
          JOB_PROGRESS: `${folder}/progress`,
        };
        execFileSync(file, { cwd: folder, env, stdio: 'pipe' });
        return folder;
      };
      const folder = run('abc');
      expect(await readFile(join(folder, 'output/a b.txt'), 'utf8')).toBe('abc');
      expect(await readFile(join(folder, 'output/x/a b.wav.copy'), 'utf8')).toBe('abc');
      expect(await readFile(join(folder, 'progress'), 'utf8')).toMatch(/^0\.5 /);
      expect(() => run(' ')).toThrow(expect.objectContaining({ status: 65 }));
    },
  );

  test('copies the files that the command names, and makes the program executable', async () => {
    await program('mine.py', '#!/usr/bin/env python3\n');
    await make({ command: './mine.py' });
    expect((await stat(join(applicationCode, 'transcripts/mine.py'))).mode & 0o777).toBe(0o755);
    expect(await read('Dockerfile')).toMatch(/^RUN apt-get .* python3 /m);
    await make({ name: 'two', command: 'sh mine.py --fast' });
    expect(await read('recipe.ts', 'two')).toContain("argv: ['sh', './mine.py', '--fast'],");
    expect(await read('mine.py', 'two')).toContain('python3');
  });

  test('takes a program of the machine, and says when it is not there', async () => {
    const [onlyRemark, ...none] = (await make({ command: 'cat' })).remarks;
    expect(onlyRemark).toContain('`cat` gets no argument beside these, since no shell reads them');
    expect(none).toEqual([]);
    const { remarks } = await make({ name: 'other', command: 'no-such-program -v' });
    expect(remarks.join()).toContain('no-such-program is in no folder');
    expect(await read('Dockerfile', 'other')).toMatch(/^RUN apt-get .* no-such-program /m);
  });

  test('takes a file to try it with, and says what is needed without one', async () => {
    await program('a.wav', 'RIFF');
    expect((await make({ name: 'b', suffix: '.wav' })).remarks.join()).toContain('--sample');
    expect((await make({ sample: 'a.wav', suffix: '.wav' })).remarks).toEqual([]);
    expect(await read('samples/a.wav')).toBe('RIFF');
  });

  test.each<[string, Partial<NewOptions>, RegExp]>([
    ['a name that no folder has', { name: 'My Job' }, /lower-case letters.*"My Job" was given/],
    ['a name that is too long', { name: 'a'.repeat(26) }, /1 to 25/],
    ['the folder of another workload', { name: 'command' }, /command exists: choose another/],
    ['no program', { command: ' ' }, /must be a program/],
    ['a program that is missing', { command: './bin/run' }, /no file .*bin\/run: write/],
    ['an argument that is missing', { command: 'sh ./a.sh' }, /no file .*a\.sh, which/],
    ['a program that no machine can start', { command: './text.sh' }, /cannot be started.*#!/],
    ['a program called like a file of every workload', { command: './README.md' }, /README\.md is/],
    ['outputs that need a suffix', { outputs: ['{stem}.x'] }, /exactly one suffix/],
    ['outputs that collide', { outputs: ['{name}', 'x{name}'] }, /could write one key/],
    ['a sample that is missing', { sample: 'x.wav' }, /no file .*x\.wav/],
    ['a sample of another suffix', { sample: 'text.sh', suffix: '.wav' }, /end in \.wav/],
  ])('refuses %s, and writes nothing', async (_what, options, sentence) => {
    await program('text.sh', 'echo\n');
    await program('README.md');
    await expect(make(options)).rejects.toThrow(sentence);
    expect(await readdir(applicationCode)).toEqual(['command']);
  });
});
