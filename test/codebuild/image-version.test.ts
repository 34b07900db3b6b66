import { type BuildMachine, openBuildMachine } from './build-machine';

let machine: BuildMachine;
beforeAll(async () => {
  machine = await openBuildMachine();
});
afterAll(() => machine.close());

/** The tag that a build pushes. */
async function tagOf(variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const { calls, log } = await machine.build(variables);
  const tag = /^docker push .*:(\S+)$/.exec(calls.at(-1) ?? '')?.[1];
  if (!tag) throw new Error(log);
  return tag;
}

test('a build sees the engine, what workloads share and its own workload alone', async () => {
  const { context } = await machine.build({ WORKLOAD: 'povray' });
  expect(context).toEqual([
    './.dockerignore',
    './application-code/command/command-recipe.ts',
    './application-code/povray/Dockerfile',
    './application-code/povray/lib/samples/words.ts',
    './application-code/povray/recipe.ts',
    './application-code/worker/src/main.ts',
    './application-code/workloads.ts',
    './build.mjs',
    './buildspec.yml',
    './dataset/main.ts',
    './package-lock.json',
    './package.json',
    './text/words.ts',
    './tsconfig.json',
  ]);
});

test('is of the same version whatever its commit is, and whenever it is unpacked', async () => {
  const first = await tagOf();
  await machine.write('application-code/worker/src/main.ts', 'application-code/worker/src/main.ts');
  expect(await tagOf({ CODEBUILD_RESOLVED_SOURCE_VERSION: 'c0ffee' })).toBe(first);
});

test.each([
  ['the engine', 'application-code/worker/src/main.ts'],
  ['what workloads share', 'application-code/command/command-recipe.ts'],
  ['its own Dockerfile', 'application-code/images/Dockerfile'],
  ['its own folder, by a new file', 'application-code/images/fonts/new.ttf'],
  ['the lock file', 'package-lock.json'],
  ['how it is built', 'buildspec.yml'],
])('is of another version when a push changes %s', async (_what, path) => {
  const first = await tagOf();
  const text = path === 'buildspec.yml' ? await machine.read(path) : '';
  await machine.write(path, `${text}# changed\n`);
  const second = await tagOf();
  expect(second).toMatch(/^arm64-[0-9a-f]{40}$/);
  expect(second).not.toBe(first);
});

test.each([
  ['another workload', 'application-code/povray/recipe.ts'],
  ['a sample of its canary', 'application-code/images/samples/photo.jpg'],
  ['a test', 'application-code/worker/src/main.test.ts'],
  ['a page that no image holds', 'README.md'],
])('is of the same version when a push changes %s', async (_what, path) => {
  const first = await tagOf();
  await machine.write(path, 'changed');
  expect(await tagOf()).toBe(first);
});

test('is of another version with a bill of materials, and for another architecture', async () => {
  const x86 = { ARCHITECTURE: 'x86_64', RUNS_ON: 'x86_64', IS_FOR: 'amd64' };
  const tags = [await tagOf(), await tagOf({ SBOM: 'true' }), await tagOf(x86)];
  expect(new Set(tags).size).toBe(3);
  expect(tags[2]).toMatch(/^x86_64-/);
});

test('fails before anything is built when a file that the image needs is missing', async () => {
  await machine.remove('tsconfig.json');
  const { failure, log, calls } = await machine.build();
  expect(failure?.phase).toBe('pre_build');
  expect(log).toMatch(/tsconfig\.json.*\n(.*\n)?What the image is made of cannot be collected/);
  expect(calls).toEqual([]);
});
