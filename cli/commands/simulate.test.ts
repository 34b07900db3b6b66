import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../stacks/config/blueprint-config';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const simulated = async (words: string) => JSON.parse((await runCommand(`simulate ${words}`)).text);

describe('spillway simulate', () => {
  test('answers in one line, and says what the answer rests on', async () => {
    const { text } = await runCommand('simulate --objects 2e3');
    expect(text.split('\n')[0]).toMatch(
      new RegExp(
        '^drained in \\d+ min \\d+ s by at most 10 tasks, p95 wait .*, \\$0\\.\\d+, of which S3 ' +
          '\\$0\\.013, Spot share \\d+ %$',
      ),
    );
    expect(text).toContain('maxTasks (10) is all that is launched');
    expect(text).toContain('jobSeconds 0.444: the benchmark of the worker');
    expect(text).toContain('Prices of eu-central-1 in November 2026');
    expect(text).toMatch(/must allow \d vCPUs on demand and \d on Spot/);
  });

  test('has the prices that are given, says which, and whose the others are', async () => {
    const { bill: usual, remarks: before } = await simulated('--objects 500 --json');
    const price = '--price vcpuHour=0.0745 --price gbHour=0.00818 --price s3PutPerMillion=10.4';
    const { bill, remarks } = await simulated(`--objects 500 --json ${price}`);
    type Lines = readonly { kind: string; dollars: number }[];
    const of = (lines: Lines, kind: string) =>
      lines.find((line) => line.kind === kind)?.dollars ?? 0;
    for (const kind of ['FARGATE', 'FARGATE_SPOT'])
      expect(of(bill.lines, kind)).toBeCloseTo(2 * of(usual.lines, kind), 12);
    expect(of(bill.lines, 's3') - of(usual.lines, 's3')).toBeCloseTo(500 * 5e-6, 12);
    expect(of(bill.lines, 'address')).toBe(of(usual.lines, 'address'));
    const said = 'Prices of eu-central-1 in November 2026, without free tiers and storage';
    expect(before.join()).toContain(`${said}.`);
    expect(remarks.join()).toContain(
      `${said}, but vcpuHour 0.0745, gbHour 0.00818, s3PutPerMillion 10.4 as given.`,
    );
  });

  test('has a document of one run, and a list of several', async () => {
    const one = await simulated('--objects 500 --json');
    expect(one).toMatchObject({ objects: { arrived: 500, done: 500 }, name: 'photos', seed: 1 });
    const several = await simulated(
      '--objects 500 --json --compare configured maxTasks=2+jobsPerTask=9',
    );
    expect(several.runs.map((run: { name: string }) => run.name)).toEqual([
      'configured',
      'maxTasks=2+jobsPerTask=9',
    ]);
    const { remarks, ...alone } = one;
    expect(several.remarks).toEqual(expect.arrayContaining(remarks.slice(0, -1)));
    expect(several.runs[0]).toEqual({ ...alone, name: 'configured' });
    expect(several.runs[1].tasks.most).toBe(2);
  });

  test.each([
    ['a setting of a policy', '--set scaling.minutes=10', 'drain-within'],
    ['steps', '--set scaling.steps=1:3,5000:9', 'steps'],
  ])('tries %s without a deploy', async (_what, set) => {
    const before = await simulated('--objects 2000 --json');
    const after = await simulated(`--objects 2000 --json ${set}`);
    expect(after.tasks.most).toBeLessThan(before.tasks.most);
  });

  test('compares every policy', async () => {
    const { runs } = await simulated(
      '--objects 100000 --json --set maxTasks=200 --compare jobs-per-task steps drain-within',
    );
    const most = runs.map((run: { tasks: { most: number } }) => run.tasks.most);
    expect(new Set(most).size).toBe(3);
  });

  test('reads arrivals from a file, and figures from the command line', async () => {
    const file = join(folder, 'uploads.csv');
    writeFileSync(file, 'time,count\n0,100\n60,50\n');
    const outcome = await simulated(
      `--arrive ${file} --json --assume jobSeconds=2 --assume jobSpread=0 --assume failingTasks=0`,
    );
    expect(outcome.objects.arrived).toBe(150);
    expect(outcome.remarks.join()).not.toContain('jobSeconds');
  });

  test('fails where a limit keeps drain-within from its minutes, after the answer', async () => {
    const asked = 'simulate --objects 1e5 --set scaling.minutes=1';
    const { text, error } = await tryCommand(asked);
    expect(text).toMatch(/^drained in /);
    expect(error).toMatchObject({
      name: 'RefusalError',
      message: expect.stringMatching(/cannot keep its 1 minute: .* maxTasks \(10\) is all/),
    });
    expect(await tryCommand(`${asked} --set maxTasks=200`)).toMatchObject({ error: undefined });
    const compared = await tryCommand('simulate --objects 1e5 --compare scaling.minutes=1');
    expect(compared.error).toBeUndefined();
  });

  test('writes a page and a picture', async () => {
    const files = [join(folder, 'run.html'), join(folder, 'run.svg')];
    const { text } = await runCommand(`simulate --objects 1e3 --out ${files[0]} --svg ${files[1]}`);
    const [page, picture] = files.map((file) => readFileSync(file, 'utf8'));
    expect(page).toContain('<h1>dev/photos: 1,000 objects, burst</h1>');
    expect(page).toContain(text.split('\n')[0]);
    expect(picture).toContain('aria-label="Backlog, photos"');
  });

  test('answers even when the page cannot be written', async () => {
    const taken = join(folder, 'name-that-is-too-long'.repeat(20));
    const { error, text } = await tryCommand(`simulate --objects 100 --out ${taken}.html`);
    expect(error).toMatchObject({ message: expect.stringMatching(/^--out cannot write /) });
    expect(text).toMatch(/^drained in /);
  });

  test.each([
    ['no objects', '', /say how many objects arrive, such as --objects 1e6/],
    ['too many', '--objects 1e10', /a whole number from 1 to 1e9/],
    ['a part of an object', '--objects 1.5', /a whole number from 1 to 1e9/],
    [
      'an unknown pattern',
      '--objects 5 --arrive burts',
      /--arrive must be burst, .* but burts was/,
    ],
    ['a file that is not there', '--arrive none.csv', /--arrive cannot read none\.csv/],
    ['a file and a number', '--objects 5 --arrive a.csv', /leave out --objects/],
    ['an unknown setting', '--objects 5 --set maxTsks=3', /did you mean `maxTasks`/],
    [
      'a setting without a value',
      '--objects 5 --set maxTasks',
      /--set takes a setting and its value/,
    ],
    ['a wrong value', '--objects 5 --set maxTasks=-3', /maxTasks must be a whole number from 0 to/],
    [
      'steps that fall',
      '--objects 5 --set scaling.steps=1:5,4:3',
      /must rise in `from` and in `tasks`/,
    ],
    ['an unknown policy', '--objects 5 --compare stps', /--compare takes configured, /],
    [
      'an unknown price',
      '--objects 5 --price vcpuHours=1',
      /--price takes .* Did you mean vcpuHour/,
    ],
    [
      'a price without a number',
      '--objects 5 --price gbHour=free',
      /--price gbHour must be a number, 0 to 1000, but free was given/,
    ],
    ['a discount above all', '--objects 5 --price spotDiscount=1.1', /a number, 0 to 1,/],
    ['an unknown figure', '--objects 5 --assume jobSecond=3', /Did you mean jobSeconds/],
    [
      'a wrong figure',
      '--objects 5 --assume duplicates=2',
      /duplicates must be a number, 0 to 1, but 2/,
    ],
    ['a rate that takes years', '--objects 1e9 --arrive 1/s', /over 11575 days/],
  ])('refuses %s', async (_what, words, sentence) => {
    const { error } = await tryCommand(`simulate ${words}`);
    expect(error instanceof ConfigError ? error.message : String(error)).toMatch(sentence);
  });

  test('asks for the time of a job that no benchmark knows', async () => {
    const blueprint = {
      environments: {
        dev: { pipelines: { scenes: { workload: 'povray' } } },
      },
    } as const;
    const { error } = await tryCommand('simulate --objects 5', { blueprint });
    expect(String(error)).toContain('--assume jobSeconds=30');
    const { text } = await runCommand('simulate --objects 5 --assume jobSeconds=30', { blueprint });
    expect(text).toContain('drained in');
  });
});
