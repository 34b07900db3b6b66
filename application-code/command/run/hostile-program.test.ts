import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isThere, PLENTY, ProgramsUnderTest } from '../../../test/fakes/command/job-under-test';

let programs: ProgramsUnderTest;

beforeEach(async () => {
  programs = await ProgramsUnderTest.create();
});

afterEach(async () => {
  expect(programs.running()).toEqual([]);
  expect(await programs.left()).toEqual([]);
  await programs.remove();
});

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;

describe('processes that a program leaves behind', () => {
  test.each([
    ['in its group', 'sleep 60 &'],
    ['with its outputs closed', 'sleep 60 <&- >&- 2>&- &'],
    ['that ignore SIGTERM', '(trap "" TERM HUP; sleep 60) &'],
  ])('are killed: %s', async (_kind, start) => {
    const { outputs } = await programs.sh(`${start} echo done > output/x`);
    expect(outputs).toEqual({ x: 'done\n' });
  });

  /** A program that has begun to sleep in a session of its own. */
  const stray = (command: string) =>
    `${command} sh -c "touch '$PWD/begun'; exec sleep 60"
     while [ ! -e "$JOB_OUTPUT/../begun" ]; do sleep 0.01; done`;

  onLinux.each([
    ['in a session of their own', stray('setsid -f')],
    ['without its environment', stray('setsid -f env -i PATH="$PATH"')],
    ['in another folder', stray('setsid -f env -C /')],
    ['in masses', stray('for i in 1 2 3 4 5 6 7 8 9; do setsid -f sleep 60; done; setsid -f')],
  ])('are killed, strays too: %s', async (_kind, start) => {
    const { outputs, lines } = await programs.sh(`${start}\necho done > output/x`);
    expect(outputs).toEqual({ x: 'done\n' });
    expect(lines.at(-1)).toMatch(
      // On a busy machine it may not have become `sleep` yet.
      /^Killed \d+ process(es)? \(.*(sleep|sh).*\), left behind by the program\.$/,
    );
  });

  onLinux('are killed when the program fails, too', async () => {
    const { code } = await programs.sh('setsid -f sleep 60; exit 1');
    expect(code).toBe('JobFailed');
  });

  test('are no reason to touch those of another job', async () => {
    const goOn = join(programs.scratch, 'go-on');
    const slow = programs.sh(`while [ ! -e ${goOn} ]; do sleep 0.01; done; echo ok > output/x`);
    await programs.sh(`setsid sleep 60 & touch ${goOn}`);
    expect((await slow).outputs).toEqual({ x: 'ok\n' });
    await programs.sh(`rm ${goOn}`);
  });
});

describe('a program that takes too much', () => {
  onLinux('memory: it is killed, with all its processes', async () => {
    const { error, code } = await programs.node(
      `const { spawn } = require('node:child_process');
       spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref();
       const kept = [];
       setInterval(() => kept.push(Buffer.alloc(8 * 1024 * 1024, 1)), 1);`,
      { jobMemoryMiB: 100 },
    );
    expect(code).toBe('JobFailed');
    expect(error?.message).toMatch(/took \d+ MiB of memory, but may take 100/);
  });

  onLinux('but what its processes share counts once', async () => {
    const { code } = await programs.run({
      argv: [
        'python3',
        '-c',
        `import os, time
kept = bytearray(60 * 1024 * 1024)
for page in range(0, len(kept), 4096):
    kept[page] = 1
if os.fork() == 0:
    time.sleep(0.2)
    os._exit(0)
time.sleep(0.2)
open('output/x', 'w').write('ok')`,
      ],
      jobMemoryMiB: 90,
    });
    expect(code).toBeUndefined();
  });

  test('disk: it is killed', async () => {
    const small = await ProgramsUnderTest.create({ diskMiB: 8 });
    const { error, code } = await small.sh('head -c 20000000 /dev/zero > big; sleep 60');
    expect(code).toBe('JobFailed');
    expect(error?.message).toMatch(/folder of the job takes \d+ MiB, but may take 8/);
    expect(await small.left()).toEqual([]);
    await small.remove();
  });

  test('a source that its folder has no room for is refused before it is copied', async () => {
    const small = await ProgramsUnderTest.create({ diskMiB: 1 });
    const { code } = await small.sh('echo started', { body: Buffer.alloc(2 * 2 ** 20) });
    expect(code).toBe('TooManyBytes');
    await small.remove();
  });

  test('log lines: it does not wait, and what is left out is said', async () => {
    const { lines, outputs } = await programs.sh(
      'yes "a line of its log" | head -c 50000000; echo last; echo done > output/x',
    );
    expect(outputs).toEqual({ x: 'done\n' });
    expect(lines.length).toBeLessThan(50_000);
    const leftOut = lines.map((line) => Number(/^(\d+) bytes of the/.exec(line)?.[1] ?? 0));
    expect(leftOut.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(45_000_000);
  });

  test('the reason of a failure is kept, however much it has logged', async () => {
    const { error } = await programs.sh('yes | head -c 20000000 >&2; echo "the cause" >&2; exit 1');
    expect(error?.message).toMatch(/\nthe cause$/);
  });

  test('one endless line is cut', async () => {
    const { lines } = await programs.sh('head -c 3000000 /dev/zero | tr "\\0" x');
    expect(lines.map((line) => line.length)).toEqual([8 * 1024]);
  });

  test('outputs that it closes are no end', async () => {
    const { outputs } = await programs.sh('exec >&- 2>&-; echo done > output/x');
    expect(outputs).toEqual({ x: 'done\n' });
  });
});

describe('a full disk', () => {
  const FULL = { ...PLENTY, freeBytes: 0 };

  test('is the fault of the job that takes most of it, and of no other', async () => {
    const room = { now: PLENTY };
    const task = await ProgramsUnderTest.create({ room: () => room.now });
    const begun = join(task.scratch, 'begun');
    const large = task.sh(
      `head -c 5000000 /dev/zero > big; touch ${begun};` +
        `while [ -e ${begun} ]; do sleep 0.01; done; echo "no space" >&2; exit 1`,
    );
    await isThere(begun);
    room.now = FULL;
    const victim = await task.sh('echo "no space" >&2; exit 1');
    expect(victim.code).toBe('Interruption');
    expect(victim.error?.message).toBe('Another job of the task had filled the disk.');
    const misled = await task.sh('echo half > output/x');
    expect(misled.code).toBe('Interruption');
    await task.sh(`rm ${begun}`);
    expect((await large).code).toBe('JobFailed');
    await task.remove();
  });

  test('makes no output of what may be cut short', async () => {
    const task = await ProgramsUnderTest.create({ room: () => FULL });
    const { code, error } = await task.sh('echo half > output/x');
    expect(code).toBe('JobFailed');
    expect(error?.message).toContain('The disk of the task was full');
    await task.remove();
  });

  test('is not the fault of a job whose input it has no room for', async () => {
    const { code } = await programs.sh('true', {
      toFile: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    expect(code).toBe('Interruption');
  });
});

describe('memory that Linux took from a job', () => {
  onLinux('is not its fault while another job has more than it may', async () => {
    let kills = 0;
    const task = await ProgramsUnderTest.create({ countOomKills: () => kills++ });
    const goOn = join(task.scratch, 'go-on');
    const begun = join(task.scratch, 'begun');
    const victim = task.sh(
      `touch ${begun}; while [ ! -e ${goOn} ]; do sleep 0.01; done; kill -KILL $$`,
    );
    await isThere(begun);
    const large = await task.node(
      'const kept = Buffer.alloc(150 * 1024 * 1024, 1); setInterval(() => kept, 1000);',
      { jobMemoryMiB: 60 },
    );
    expect(large.code).toBe('JobFailed');
    await task.sh(`touch ${goOn}`);
    const { code, error } = await victim;
    expect(code).toBe('Interruption');
    expect(error?.message).toContain('Another job of the task took too much memory');
    await task.remove();
  });
});

describe('the folder of a job', () => {
  test.each([
    ['read-only folders', 'mkdir -p a/b; touch a/b/c; chmod 500 a/b a; chmod 0 output'],
    ['a thousand files', 'seq 1000 | xargs touch'],
    ['names that are no text', 'touch "$(printf \'\\377\')"'],
    ['a link to a folder outside', 'ln -s / root'],
  ])('goes with what is in it: %s', async (_what, make) => {
    await programs.sh(`${make}; exit 1`);
    expect(await programs.left()).toEqual([]);
  });

  test('goes with paths that are longer than a path may be', async () => {
    const { error } = await programs.run({
      argv: [
        'python3',
        '-c',
        'import os, sys\nfor _ in range(60):\n    os.mkdir("d" * 200); ' +
          'os.chdir("d" * 200)\nopen("deep", "w").close()\nos.chmod(".", 0o500)\nsys.exit(3)',
      ],
    });
    expect(error?.message).toContain('exit code 3');
    expect(await programs.left()).toEqual([]);
  });

  test('leaves what a link of it points to', async () => {
    const outside = join(programs.scratch, 'outside');
    await programs.sh(`mkdir ${outside}; touch ${outside}/kept; ln -s ${outside} link`);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    await programs.sh(`rm -r ${outside}`);
  });
});
