import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcessTable } from '../../application-code/command/run/process-table';
import { parseJobLine, startTaskProcess } from './task-process';

describe('startTaskProcess', () => {
  let folder: string;
  const guarded: number[] = [];
  const released: number[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    guarded.length = 0;
    released.length = 0;
  });

  afterEach(() => rm(folder, { recursive: true }));

  const start = async (source: string, workingFolder = folder) => {
    const program = join(folder, 'program.js');
    await writeFile(program, source);
    return startTaskProcess({
      command: [process.execPath, program],
      folder: workingFolder,
      environment: {},
      onStandardOutput: () => undefined,
      guard: { guard: (group) => guarded.push(group), release: (group) => released.push(group) },
    });
  };

  test('is guarded while it lives and released afterwards', async () => {
    const task = await start('process.exitCode = 3');
    expect(guarded).toHaveLength(1);
    expect(await task.started).toBe(true);
    expect(await task.exited).toEqual({ exitCode: 3 });
    expect(released).toEqual(guarded);
  });

  test('keeps the last fifty lines of both outputs, with the very last line', async () => {
    const task = await start(
      'for (let i = 1; i <= 60; i += 1) console.log("line " + i); ' +
        'process.stderr.write("no newline at its end")',
    );
    await task.exited;
    expect(task.logTail).toHaveLength(50);
    expect(task.logTail).toContain('line 60');
    expect(task.logTail).toContain('no newline at its end');
    expect(task.logTail).not.toContain('line 9');
  });

  test('ends what the process left running, which would keep its outputs open', async () => {
    const task = await start(
      `const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' });
       child.unref();
       console.log(child.pid);`,
    );
    expect(await task.exited).toEqual({ exitCode: 0 });
    const pid = Number(task.logTail[0]);
    // Killed, and gone or waiting for its parent to notice; in any case not able to hold a pipe.
    expect(pid).toBeGreaterThan(0);
  });

  (process.platform === 'linux' ? test : test.skip)(
    'ends the programs of its jobs when it is killed, which have groups of their own',
    async () => {
      const task = await start(
        `const options = { detached: true, stdio: 'ignore' };
         console.log(require('node:child_process').spawn('sleep', ['60'], options).pid);
         process.kill(process.pid, 'SIGKILL');`,
      );
      expect(await task.exited).toEqual({ exitCode: 137 });
      expect(readProcessTable().map(({ pid }) => pid)).not.toContain(Number(task.logTail[0]));
    },
  );

  test.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGSEGV', 139],
  ] as const)(
    'reports %s as the exit code %i, as a container runtime does',
    async (signal, exitCode) => {
      const task = await start('setInterval(() => undefined, 1000)');
      await task.started;
      task.signal(signal);
      expect(await task.exited).toEqual({ exitCode });
      // Its number may belong to another process now.
      task.signal('SIGKILL');
      task.stop(1);
    },
  );

  test('fails when the process cannot be started, and says why', async () => {
    const task = await start('', join(folder, 'missing'));
    expect(await task.started).toBe(false);
    expect(await task.exited).toEqual({ failure: expect.stringContaining('ENOENT') });
    expect(guarded).toEqual([]);
  });
});

describe('parseJobLine', () => {
  test('reads the line of a job', () => {
    const line = { event: 'job', outcome: 'done', messageId: 'm', receiveCount: 1 };
    expect(parseJobLine(JSON.stringify(line))).toEqual(line);
  });

  test.each([
    ['{"event":"summary","reason":"job"}', 'another event'],
    ['{"event":"job"', 'half a line'],
    ['a "job" in words', 'no JSON'],
    ['', 'nothing'],
  ])('returns undefined for %s: %s', (line) => {
    expect(parseJobLine(line)).toBeUndefined();
  });
});
