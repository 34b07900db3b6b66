import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuild } from './run-build';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'spillway-build-')));
});
afterAll(() => rm(folder, { recursive: true }));

const HEAD = `
version: 0.2
env:
  shell: bash
  variables: { GREETING: from the buildspec, NUMBER: 7 }
  exported-variables: [DIGEST, NEVER_SET]
phases:
`;
const build = (phases: string, environment: Record<string, string> = {}) =>
  runBuild({
    buildspec: `${HEAD}${phases}`,
    sourceFolder: folder,
    environment,
    commands: '/nowhere',
  });
/** What the commands printed, without the lines of CodeBuild. */
const printed = (log: string) => log.split('\n').filter((line) => !line.startsWith('[Container]'));

test('the phases run in their own order, whatever the order in the file', async () => {
  const end = await build(`
  post_build: { commands: [echo four] }
  build: { commands: [echo three] }
  pre_build: { commands: [echo two] }
  install: { commands: [echo one], runtime-versions: { nodejs: 22 } }
`);
  expect(end.succeeded).toBe(true);
  expect(printed(end.log)).toEqual(['one', 'two', 'three', 'four']);
});

test(
  'a variable, a function and the folder that a command leaves are there for the next ' +
    'command and phase',
  async () => {
    const end = await build(`
  pre_build:
    commands:
      - plain="a b"; export exported=$'two\\nlines'; mkdir -p inner && cd inner
      - greet() { echo "hello $1"; }
  build: { commands: ['echo "$plain"', 'echo "$exported"', 'greet you', 'pwd'] }
`);
    expect(printed(end.log)).toEqual(['a b', 'two', 'lines', 'hello you', join(folder, 'inner')]);
  },
);

test('only variables that are listed and exported leave the build', async () => {
  const end = await build('  build: { commands: [export DIGEST=sha256:1, export OTHER=2] }\n');
  expect(end.exported).toEqual({ DIGEST: 'sha256:1' });
});

test("a project's variable wins over the buildspec's, and a number is text", async () => {
  const end = await build(
    "  build: { commands: ['echo $GREETING $NUMBER $CODEBUILD_SRC_DIR'] }\n",
    {
      GREETING: 'project',
    },
  );
  expect(printed(end.log)).toEqual([`project 7 ${folder}`]);
});

test('nothing but PATH and HOME comes from the machine', async () => {
  process.env.SPILLWAY_STRAY = 'stray';
  const end = await build("  build: { commands: ['printenv SPILLWAY_STRAY || echo clean'] }\n");
  delete process.env.SPILLWAY_STRAY;
  expect(printed(end.log)).toEqual(['clean']);
});

test(
  'fails when a command ends with an error or an exit, and runs no other of that ' +
    'phase but finally',
  async () => {
    const end = await build(`
  pre_build:
    commands: ['echo before; exit 3', echo never]
    finally: ['echo finally $CODEBUILD_BUILD_SUCCEEDING']
  build: { commands: [echo never] }
  post_build: { commands: [echo never] }
`);
    expect(end).toMatchObject({
      succeeded: false,
      failure: { phase: 'pre_build', command: 'echo before; exit 3', exitCode: 3 },
    });
    expect(printed(end.log)).toEqual(['before', 'finally 0']);
  },
);

test('fails when build fails, but post_build still runs and is told', async () => {
  const end = await build(`
  build: { commands: ['export KEPT=yes; false'] }
  post_build: { commands: ['echo after $CODEBUILD_BUILD_SUCCEEDING $KEPT', 'exit 9'] }
`);
  expect(end.failure).toEqual({ phase: 'build', command: 'export KEPT=yes; false', exitCode: 1 });
  expect(printed(end.log)).toEqual(['after 0 yes']);
});

test('fails when only finally fails', async () => {
  const end = await build('  build: { commands: ["true"], finally: ["exit 4"] }\n');
  expect(end.failure).toEqual({ phase: 'build', command: 'exit 4', exitCode: 4 });
});

test('standard error stands in the log, in order', async () => {
  const end = await build("  build: { commands: ['echo a; echo b >&2; echo c'] }\n");
  expect(printed(end.log)).toEqual(['a', 'b', 'c']);
});

test.each([
  ['a misspelt key', '  build: { comands: [x] }\n', /phases\.build: Unrecognized key: "comands"/],
  ['an unknown phase', '  test: { commands: [x] }\n', /phases: Unrecognized key: "test"/],
  [
    'a command that is no text',
    '  build: { commands: [{ a: b }] }\n',
    /phases\.build\.commands\.0/,
  ],
])('fails when the buildspec has %s', async (_what, phases, message) => {
  await expect(build(phases)).rejects.toThrow(message);
});

test('fails when the shell is left to chance', async () => {
  const buildspec = 'version: 0.2\nphases: { build: { commands: ["true"] } }\n';
  const options = { sourceFolder: folder, environment: {}, commands: '/nowhere' };
  await expect(runBuild({ ...options, buildspec })).rejects.toThrow(/env: /);
});
