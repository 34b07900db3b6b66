import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPython, findPython, type PythonAnswer } from './find-python';

const answer = (minor: number, venv = true, major = 3): PythonAnswer => ({
  executable: `/opt/python${major}.${minor}`,
  version: [major, minor, 4],
  venv,
});

const machine = (commands: Readonly<Record<string, PythonAnswer>>) => async (command: string) =>
  commands[command];

describe('findPython', () => {
  test.each([
    ['the usual name comes first', { python3: answer(11), 'python3.13': answer(13) }, 'python3'],
    [
      'an old default is skipped, since a newer one is installed',
      { python3: answer(9), 'python3.12': answer(12) },
      'python3.12',
    ],
    ['some machines only have python', { python: answer(10) }, 'python'],
    [
      'a Python without venv is skipped',
      { python3: answer(12, false), 'python3.11': answer(11) },
      'python3.11',
    ],
    [
      'Python 2 under the old name does not count',
      { python: answer(7, false, 2), 'python3.10': answer(10) },
      'python3.10',
    ],
  ])('takes the first that fits: %s', async (_reason, commands, expected) => {
    await expect(findPython(machine(commands))).resolves.toMatchObject({ command: expected });
  });

  test('returns the version and the interpreter of the command', async () => {
    await expect(findPython(machine({ python3: answer(11) }))).resolves.toEqual({
      command: 'python3',
      executable: '/opt/python3.11',
      version: '3.11.4',
    });
  });

  test.each([
    ['no Python is installed', {}, 'no python3 was found'],
    [
      'all are too old',
      { python3: answer(8), python: answer(7, false, 2) },
      'python3 3.8.4 (too old), python 2.7.4 (too old) was found',
    ],
    [
      'venv is missing',
      { python3: answer(11, false) },
      'python3 3.11.4 (without its venv module) was found',
    ],
  ])('fails when %s, and says what to install', async (_reason, commands, found) => {
    const failure = findPython(machine(commands));
    await expect(failure).rejects.toThrow(
      `needs Python 3.10 or newer with its venv module, but ${found}`,
    );
    await expect(failure).rejects.toThrow('apt install python3 python3-venv');
    await expect(failure).rejects.toMatchObject({ name: 'LocalModeError' });
  });
});

describe('askPython', () => {
  test('reads the version of a Python on this machine', async () => {
    const python = await findPython();
    await expect(askPython(python.executable)).resolves.toMatchObject({
      venv: true,
      version: [3, expect.any(Number), expect.any(Number)],
    });
  });

  test.each([
    ['is not there', 'spillway-no-such-python'],
    ['is no Python', 'true'],
    ['fails', 'false'],
  ])('returns undefined for a command that %s', async (_reason, command) => {
    await expect(askPython(command)).resolves.toBeUndefined();
  });

  test('gives up on a command that does not end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    const command = join(folder, 'python3');
    await writeFile(command, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await expect(askPython(command, 50)).resolves.toBeUndefined();
    await rm(folder, { recursive: true });
  });
});
