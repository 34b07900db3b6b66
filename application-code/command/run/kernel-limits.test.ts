import { join } from 'node:path';
import { isThere, ProgramsUnderTest } from '../../../test/fakes/command/job-under-test';
import { makeMemoryGroup, mountSmallDisk } from '../../../test/fakes/command/kernel-limits';
import { oomKills } from './oom';

const disk = mountSmallDisk(48, 200);
const memory = makeMemoryGroup(128);

/** Ends the programs of a test that fails. */
let end: AbortController;
let tasks: ProgramsUnderTest[];

beforeEach(() => {
  end = new AbortController();
  tasks = [];
});

afterEach(async () => {
  end.abort();
  for (const task of tasks) {
    while (task.running().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await task.remove();
  }
});

afterAll(() => {
  if ('remove' in disk) disk.remove();
  if ('remove' in memory) memory.remove();
});

const suite = (name: string, limit: object, define: () => void) =>
  'missing' in limit
    ? describe.skip(`${name} (skipped: ${limit.missing})`, define)
    : describe(name, define);

async function open(task: Parameters<typeof ProgramsUnderTest.create>[0] = {}) {
  const programs = await ProgramsUnderTest.create(task);
  tasks.push(programs);
  return programs;
}

suite('a disk that is really full', disk, () => {
  test.each([
    ['bytes', 'cat /dev/zero > large 2> /dev/null'],
    ['files', 'i=0; while mkdir $i 2> /dev/null; do i=$((i + 1)); done'],
  ])('of %s costs other jobs no attempt, and later ones find room', async (_what, fill) => {
    const signals = await open();
    const task = await open({ disk: 'path' in disk ? disk.path : '' });
    const { signal } = end;
    const full = join(signals.scratch, 'full');
    const goOn = join(signals.scratch, 'go-on');
    const wait = `while [ ! -e ${goOn} ]; do sleep 0.01; done`;
    // It was there before, and writes when there is no room.
    const neighbour = task.sh(`${wait}; mkdir more && cat "$JOB_INPUT" > output/x`, { signal });
    const large = task.sh(`${fill}; touch ${full}; ${wait}; sleep 0.5; exit 1`, { signal });
    await isThere(full);
    const next = await task.sh('echo started > output/x');
    expect([next.code, next.error?.message]).toEqual([
      'Interruption',
      'Other jobs of the task had filled the disk.',
    ]);
    await signals.sh(`touch ${goOn}`);
    expect((await neighbour).code).toBe('Interruption');
    expect((await large).code).toBe('JobFailed');
    expect((await task.sh('cp "$JOB_INPUT" output/x')).outputs).toEqual({ x: 'hello' });
    expect([await task.left(), task.running()]).toEqual([[], []]);
  });
});

suite('a kill of the kernel for memory', memory, () => {
  const group = 'enter' in memory ? memory : undefined;
  /** Takes memory in the group, and then does something. */
  const python = (mebibytes: number, then: string) =>
    `${group?.enter}; exec python3 -c "
import time, os
kept = bytearray(${mebibytes} * 2 ** 20)
${then}"`;

  test('takes the job that takes most, says so, and costs its neighbour nothing', async () => {
    const countOomKills = () => oomKills((path) => group?.read(path) ?? '');
    const task = await open({ countOomKills });
    const begun = join(task.scratch, 'begun');
    const goOn = join(task.scratch, 'go-on');
    const wait = `while not os.path.exists('${goOn}'): time.sleep(0.01)`;
    const writes = "open('output/x', 'w').write('done')";
    const neighbour = task.sh(python(20, `open('${begun}', 'w')\n${wait}\n${writes}`), {
      jobMemoryMiB: 100,
      signal: end.signal,
    });
    await isThere(begun);
    const { code, error } = await task.sh(python(300, ''), { jobMemoryMiB: 1_000 });
    expect(code).toBe('JobFailed');
    expect(error?.message).toMatch(/SIGKILL, and Linux killed a process for memory meanwhile/);
    await task.sh(`touch ${goOn}`);
    expect((await neighbour).outputs).toEqual({ x: 'done' });
    expect((await task.sh(python(20, writes))).outputs).toEqual({ x: 'done' });
  });
});
