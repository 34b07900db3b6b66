import { FakeClock } from '../../../test/fakes/clock';
import { PLENTY } from '../../../test/fakes/command/job-under-test';
import { Watch } from './watch';
import type { WatchedJob } from './watched-job';

/** A job that counts the looks at it. */
class CountedJob {
  looks = 0;
  readonly taken = new Set();
  readonly isOverMemory = false;
  readonly memoryMiB = 0;
  /** Of each measurement, whether a blame rests on it. */
  readonly blames: boolean[] = [];
  /** Ends the measurement that has begun. */
  measured: () => void = () => undefined;

  constructor(
    readonly diskBytes = 0,
    readonly diskFiles = 0,
    private readonly isSlow = false,
  ) {}

  look(): void {
    this.looks += 1;
  }

  measure(_now: () => number, isForBlame: boolean): Promise<void> {
    this.blames.push(isForBlame);
    if (!this.isSlow) return Promise.resolve();
    return new Promise((resolve) => {
      this.measured = resolve;
    });
  }
}

const asJob = (job: CountedJob) => job as unknown as WatchedJob;

function watchOn(clock: FakeClock, room = PLENTY): Watch {
  return new Watch({ clock, scratch: '/nowhere', roomAt: () => room, readTable: () => [] });
}

test('looks each second while a program runs, and no longer', async () => {
  const clock = new FakeClock();
  const watch = watchOn(clock);
  const job = new CountedJob();
  watch.add(asJob(job));
  await clock.advance(3);
  watch.remove(asJob(job));
  await clock.advance(3);
  expect(job.looks).toBe(3);
  expect(clock.pendingTimers).toBe(0);
});

test('looks once a second, whatever begins and ends during a look', async () => {
  const clock = new FakeClock();
  const watch = watchOn(clock);
  const slow = new CountedJob(0, 0, true);
  watch.add(asJob(slow));
  await clock.advance(1);
  watch.remove(asJob(slow));
  const next = new CountedJob();
  watch.add(asJob(next));
  slow.measured();
  await clock.advance(4);
  expect(clock.pendingTimers).toBe(1);
  expect(next.looks).toBe(4);
});

test.each([
  ['bytes', { ...PLENTY, freeBytes: 0 }, [[], ['disk'], ['disk']]],
  ['files', { ...PLENTY, freeFiles: 0 }, [['disk'], [], ['disk']]],
])(
  'a disk without free %s is taken from all jobs but the one that takes most',
  async (_what, room, taken) => {
    const watch = watchOn(new FakeClock(), room);
    const jobs = [new CountedJob(9, 2), new CountedJob(5, 7), new CountedJob()];
    for (const job of jobs) watch.add(asJob(job));
    await watch.look();
    expect(jobs.map((job) => [...job.taken])).toEqual(taken);
    expect(jobs.map(({ blames }) => blames)).toEqual([[true], [true], [true]]);
  },
);

test('a disk with room is taken from no job, and no blame rests on what is measured', async () => {
  const watch = watchOn(new FakeClock());
  const jobs = [new CountedJob(9, 2), new CountedJob(5, 7)];
  for (const job of jobs) watch.add(asJob(job));
  await watch.look();
  expect(jobs.map(({ taken, blames }) => [[...taken], blames])).toEqual([
    [[], [false]],
    [[], [false]],
  ]);
});
