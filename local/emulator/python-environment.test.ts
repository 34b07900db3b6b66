import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Python } from './find-python';
import { cacheFolder, installPythonProgram } from './python-environment';
import { installEmulator } from './start-emulator';

/** A shell script in the place of a Python: makes the environment, and logs each use of pip. */
const FAKE_PYTHON = `#!/bin/sh
here=$(dirname "$0")
case $2 in
  venv)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
    cp "$here/log" "$3/bin/log" 2>/dev/null
    exit 0 ;;
  pip) echo "$*" >> LOG; sleep 0.1; FAULT ;;
esac
`;

let folder: string;
let cache: string;
let requirements: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
  cache = join(folder, 'cache');
  requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, 'ministack==1.5.33\n');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const fakePython = async (fault = 'exit 0', version = '3.11.4'): Promise<Python> => {
  const executable = join(folder, 'python');
  await writeFile(
    executable,
    FAKE_PYTHON.replace('LOG', join(folder, 'log')).replace('FAULT', fault),
  );
  await chmod(executable, 0o755);
  return { command: 'python3', executable, version };
};

const pipRuns = async () => {
  const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line !== '');
};

test('a program may have variables for pip, and has another environment with others', async () => {
  const python = await fakePython(`echo "PKG_CONFIG=$PKG_CONFIG" >> ${join(folder, 'log')}`);
  const program = { name: 'peers-1', title: 'the peers', requirements };
  const plain = await installPythonProgram(python, program, { cache });
  const withVariables = { ...program, variables: { PKG_CONFIG: 'false' } };
  expect(await installPythonProgram(python, withVariables, { cache })).not.toBe(plain);
  const said = (await pipRuns()).filter((line) => line.startsWith('PKG_CONFIG='));
  expect(said).toEqual(['PKG_CONFIG=', 'PKG_CONFIG=false']);
});

describe('installEmulator', () => {
  test('installs the pins into a private environment and finds it again', async () => {
    const python = await fakePython();
    const told: string[] = [];
    const options = { cache, requirements, onProgress: (sentence: string) => told.push(sentence) };
    const first = await installEmulator(python, options);
    expect(await installEmulator(python, options)).toBe(first);
    expect(first.startsWith(await realpath(cache))).toBe(true);
    expect(await pipRuns()).toEqual([expect.stringContaining(`--requirement ${requirements}`)]);
    expect(told).toHaveLength(1);
  });

  test('lets two starts at once agree on one environment', async () => {
    const python = await fakePython();
    const [one, other] = await Promise.all([
      installEmulator(python, { cache, requirements }),
      installEmulator(python, { cache, requirements }),
    ]);
    const later = await installEmulator(python, { cache, requirements });
    expect([one, other]).toContain(later);
    expect((await readFile(one)).length).toBeGreaterThan(0);
    expect((await readFile(other)).length).toBeGreaterThan(0);
  });

  test.each([
    ['never completed', 'complete'],
    ['lost its Python', join('bin', 'python')],
  ])('repairs an environment that %s', async (_reason, missing) => {
    const python = await fakePython();
    const first = await installEmulator(python, { cache, requirements });
    await rm(join(dirname(dirname(first)), missing));
    const second = await installEmulator(python, { cache, requirements });
    expect(second).not.toBe(first);
    expect(await installEmulator(python, { cache, requirements })).toBe(second);
  });

  test('makes another environment for other pins and for another Python', async () => {
    const environments = [await installEmulator(await fakePython(), { cache, requirements })];
    environments.push(
      await installEmulator(await fakePython('exit 0', '3.12.1'), { cache, requirements }),
    );
    await writeFile(requirements, 'ministack==1.5.34\n');
    environments.push(await installEmulator(await fakePython(), { cache, requirements }));
    expect(new Set(environments).size).toBe(3);
  });

  test('removes an aborted build once it cannot be running any longer', async () => {
    const [abandoned, recent] = ['ministack-0-a.build-old', 'ministack-0-a.build-new'];
    await mkdir(join(cache, abandoned), { recursive: true });
    await mkdir(join(cache, recent));
    await utimes(join(cache, abandoned), new Date(0), new Date(0));
    await installEmulator(await fakePython(), { cache, requirements });
    const left = await readdir(cache);
    expect(left).toContain(recent);
    expect(left).not.toContain(abandoned);
  });

  test('fails with the last line of pip when the registry cannot be reached', async () => {
    const python = await fakePython(
      'echo "ERROR: No matching distribution found for ministack==1.5.33" >&2; exit 1',
    );
    const failure = installEmulator(python, { cache, requirements });
    await expect(failure).rejects.toMatchObject({
      name: 'LocalModeError',
      message: expect.stringMatching(
        /pip said "ERROR: No matching distribution.*" *\. Check that this machine reaches/,
      ),
    });
    expect(await readdir(cache)).toEqual([]);
  });

  test('fails when the cache folder cannot be made, and says what to do', async () => {
    const python = await fakePython();
    const failure = installEmulator(python, { cache: join(requirements, 'cache'), requirements });
    await expect(failure).rejects.toThrow(/cannot be written .*XDG_CACHE_HOME/);
  });
});

describe('cacheFolder', () => {
  test.each([
    ['linux', undefined, '/home/ada/.cache/spillway', 'the default of the XDG specification'],
    ['linux', '/var/cache/ada', '/var/cache/ada/spillway', 'the user moved the cache'],
    ['linux', 'cache', '/home/ada/.cache/spillway', 'a relative path is ignored'],
    ['linux', '', '/home/ada/.cache/spillway', 'empty counts as unset'],
    ['darwin', undefined, '/home/ada/Library/Caches/spillway', 'macOS keeps caches there'],
  ] as const)(
    'on %s with XDG_CACHE_HOME=%s is %s: %s',
    (platform, xdgCacheHome, expected, _reason) => {
      expect(cacheFolder(platform, '/home/ada', xdgCacheHome)).toBe(expected);
    },
  );
});
