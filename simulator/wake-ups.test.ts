import fc from 'fast-check';
import { WAKE_UP } from '../contract/wake-up';
import { answerUploads, QUIET_SECONDS, type UploadEvent } from '../lambda/scaler/uploads';
import { exampleScenario } from '../test/fakes/scenario';
import { Agenda } from './agenda';
import { simulate } from './simulate';
import { WakeUps } from './wake-ups';

const WAKE = { wake: 'event', wakeTasks: 1 } as const;

/** Runs for uploads at these seconds, while the pipeline has a task. */
async function runsFor(uploads: readonly number[]) {
  const agenda = new Agenda();
  const at: number[] = [];
  const wakeUps: WakeUps = new WakeUps(agenda, WAKE_UP, (event: UploadEvent) => {
    at.push(agenda.now);
    const idle = { ifActive: () => undefined, ifIdle: async () => undefined };
    return answerUploads(event, { fleet: { isActive: async () => true }, wakeUps }, idle);
  });
  for (const second of uploads)
    agenda.at(second, () => wakeUps.arrive({ arrived: second, count: 1, isDuplicate: false }));
  await agenda.pass(Number.MAX_SAFE_INTEGER, () => undefined);
  return { at, usage: wakeUps.usage() };
}

const everySecond = (seconds: number) => Array.from({ length: seconds }, (_, second) => second);

describe('wake-ups', () => {
  test('of one upload a second are one run in eight seconds, and none stays behind', async () => {
    const { at } = await runsFor(everySecond(3_600));
    expect(at.length).toBeLessThanOrEqual(3_600 / QUIET_SECONDS + 2);
    expect((at.at(-1) ?? 0) - 3_600).toBeLessThanOrEqual(2 * QUIET_SECONDS);
  });

  test('of a hundred uploads in a second are no more than those of one', async () => {
    const flood = everySecond(600).flatMap((second) =>
      Array.from({ length: 100 }, (_, index) => second + index / 100),
    );
    const { at, usage } = await runsFor(flood);
    expect(at.length).toBeLessThanOrEqual(600 / QUIET_SECONDS + 2);
    expect(usage.events).toBe(60_000);
  });

  test('are at most two runs in eight seconds, and each upload has one soon', async () => {
    const uploads = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(uploads, async (seconds) => {
        const { at } = await runsFor([...seconds].sort((a, b) => a - b));
        for (const from of at) {
          const soon = at.filter((run) => run >= from && run < from + QUIET_SECONDS);
          expect(soon.length).toBeLessThanOrEqual(2);
        }
        for (const second of seconds)
          expect(at.some((run) => run > second && run <= second + QUIET_SECONDS + 2)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('cost nothing where nothing arrives', async () => {
    const { usage, at } = await runsFor([]);
    expect([usage, at]).toEqual([{ events: 0, requests: 0, runs: 0 }, []]);
  });
});

describe('a pipeline that uploads wake', () => {
  const upload = (second: number) => ({ from: second, to: second, objects: 1 });
  const figures = { jobSeconds: 2, startSeconds: 40 };
  const idle = { figures, firstRunSeconds: 45, arrivals: [upload(0)] };

  test('starts its first task a second after the upload, whenever the schedule runs', async () => {
    const woken = await simulate(exampleScenario({ ...idle, settings: WAKE }));
    expect(woken.waitSeconds.longest).toBeCloseTo(1 + 40 + 2, 6);
    const scheduled = await simulate(exampleScenario(idle));
    expect(scheduled.waitSeconds.longest).toBeCloseTo(45 + 40 + 2, 6);
  });

  test('launches once for an upload, and again for one after the task has ended', async () => {
    const outcome = await simulate(
      exampleScenario({ ...idle, settings: WAKE, arrivals: [upload(0), upload(300)] }),
    );
    expect(outcome.tasks.launched).toEqual({ FARGATE: 2, FARGATE_SPOT: 0 });
    expect(outcome.waitSeconds.longest).toBeCloseTo(43, 6);
  });

  test('launches once a minute: an upload after its task waits for the schedule', async () => {
    const outcome = await simulate(
      exampleScenario({
        settings: WAKE,
        figures: { jobSeconds: 2 },
        firstRunSeconds: 70,
        arrivals: [upload(0), upload(40)],
      }),
    );
    expect(outcome.tasks.launched).toEqual({ FARGATE: 2, FARGATE_SPOT: 0 });
    expect(outcome.waitSeconds.longest).toBeCloseTo(70 - 40 + 2, 6);
  });

  test('launches for a flood by its schedule, with two wake-ups beside it', async () => {
    const outcome = await simulate(
      exampleScenario({
        settings: { ...WAKE, maxTasks: 20 },
        figures: { ...figures, slots: 4 },
        firstRunSeconds: 30,
        arrivals: [{ from: 0, to: 0, objects: 5_000 }],
      }),
    );
    expect(outcome.objects).toMatchObject({ arrived: 5_000, done: 5_000 });
    expect(outcome.tasks.most).toBe(20);
    const runs = outcome.bill.lines.find(({ kind }) => kind === 'wake-ups');
    expect(runs?.what).toBe('Wake-ups: 2 runs of a tenth of a second, and their log');
  });

  test('is billed for its events, and one that the schedule alone runs is not', async () => {
    const kinds = async (settings: object) =>
      (await simulate(exampleScenario({ ...idle, settings }))).bill.lines.map(({ kind }) => kind);
    const woken = await kinds(WAKE);
    expect(woken).toEqual(expect.arrayContaining(['eventbridge', 'wake-queue', 'wake-ups']));
    expect(woken.slice(0, -3)).toEqual(await kinds({}));
  });
});
