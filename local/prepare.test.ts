import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** Evaluates an expression in a process of its own, since jest loads no ES module. */
async function askModule(file: string, expression: string): Promise<string> {
  const module = pathToFileURL(path.join(__dirname, file)).href;
  const script = `
    import * as it from ${JSON.stringify(module)};
    process.stdout.write(String(${expression}));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  return stdout;
}

const ask = (expression: string) => askModule('prepare.mjs', expression);
const askInstallation = (expression: string) => askModule('installation.mjs', expression);

const refusal = (version: string) =>
  ask(`(() => {
    try { it.checkNode('${version}'); return 'fine'; } catch (error) { return error.message; }
  })()`);

describe('prepare', () => {
  test.each(['20.9.0', '20.10.0', '22.0.0', '100.1.2'])('takes Node %s', async (version) => {
    expect(await refusal(version)).toBe('fine');
  });

  test.each(['20.8.1', '18.20.0', '9.99.0'])(
    'fails with Node %s and says which one is needed',
    async (version) => {
      expect(await refusal(version)).toMatch(
        /^Node 20\.9 or newer is needed, but this is Node .*nodejs\.org/,
      );
    },
  );

  test.each([
    [
      'npm error code ENOTFOUND\nnpm error network request to https://registry.example/x failed, ' +
        'reason: getaddrinfo ENOTFOUND registry.example\n',
      'The npm registry could not be reached (ENOTFOUND',
      'no name server knows it',
    ],
    [
      'npm error code ECONNREFUSED\nnpm error connect ECONNREFUSED 127.0.0.1:9',
      '(ECONNREFUSED',
      'no server listens there',
    ],
    [
      'npm error code SELF_SIGNED_CERT_IN_CHAIN',
      '(SELF_SIGNED_CERT_IN_CHAIN',
      'a proxy that opens connections',
    ],
    ['npm error code ENOSPC\nnpm error nospc write', 'The disk is full', 'no room'],
    ['npm error code EACCES\nnpm error path /x', 'npm may not write into', 'files of another user'],
    [
      'npm error code EUSAGE\nnpm error `npm ci` can only install',
      '`npm ci` can only install',
      'anything else, in its words',
    ],
    [
      'npm error 403 403 Forbidden - GET http://127.0.0.1/x',
      'installed: 403 Forbidden',
      'a registry that refuses',
    ],
    ['npm: spawn npm ENOENT', 'spawn npm ENOENT', 'npm does not exist'],
  ])('says in one sentence why npm failed: %#', async (output, sentence, _why) => {
    const why = await ask(`it.whyNpmFailed(${JSON.stringify(output)})`);
    expect(why).toContain(sentence);
    expect(why).not.toContain('\n');
    expect(why).toMatch(/run the same command again|npm ci/);
  });
});

test.each([
  [
    "Error: EROFS: read-only file system, open 'x'",
    'cannot be written into',
    'a checkout that cannot be written',
  ],
  ['The code could not be built: a.ts:1:2: x', 'built: a.ts:1:2: x', 'code that is wrong'],
])('says why nothing was bundled: %#', async (output, sentence, _why) => {
  expect(await ask(`it.whyBuildFailed(${JSON.stringify(output)})`)).toContain(sentence);
});

test('npm start and spillway import no package that only tests and checks install', async () => {
  const root = path.dirname(__dirname);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['local/main.ts', 'cli/main.ts'],
    outdir: 'out',
    bundle: true,
    platform: 'node',
    external: ['sharp'],
    metafile: true,
    write: false,
  });
  const folders = Object.keys(metafile.inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  expect(folders).toContain('node_modules/commander');
  expect(folders.filter((folder) => lock.packages[folder]?.dev !== undefined)).toEqual([]);
});

describe('an installation', () => {
  const wanted = {
    '': {},
    local: {},
    'node_modules/tsx': { version: '4.0.0' },
    'node_modules/jest': { version: '30.0.0', dev: true },
    'node_modules/binary-of-another-platform': { version: '1.0.0', optional: true },
  };
  const runtime = { 'node_modules/tsx': { version: '4.0.0' } };
  const everything = { ...runtime, 'node_modules/jest': { version: '30.0.0', dev: true } };
  const other = { 'node_modules/tsx': { version: '3.9.9' } };
  const asked = (name: string, ...values: unknown[]) =>
    askInstallation(`it.${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`);

  test.each([
    [runtime, false, 'true', 'what runs is there'],
    [everything, false, 'true', 'more than what runs is there'],
    [everything, true, 'true', 'everything is there'],
    [runtime, true, 'false', 'what tests need is not'],
    [other, false, 'false', 'it is another version'],
    [{}, false, 'false', 'nothing is'],
  ])('is complete or not: %#', async (there, all, answer, _why) => {
    expect(await asked('isComplete', wanted, there, all)).toBe(answer);
  });

  test('is known to be one for tests and deploys, so that it stays one', async () => {
    expect(await asked('hasDevelopment', everything)).toBe('true');
    expect(await asked('hasDevelopment', runtime)).toBe('false');
  });
});
