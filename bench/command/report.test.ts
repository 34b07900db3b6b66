import { type Figures, PHASES, type Round, reportOf, toText } from './report';

const figures = (cpuMilliseconds: number): Figures => ({ cpuMilliseconds, jobsPerSecond: 100 });
const round = (plain: number, engine: number): Round => ({
  plain: figures(plain),
  engine: figures(engine),
  phases: Object.fromEntries(PHASES.map((name) => [name, figures(0.5)])) as Round['phases'],
});
const of = (...rounds: readonly Round[]) => reportOf(rounds, { jobs: 10, atATime: 2 });

describe('the report', () => {
  test('compares engine and plain Node round by round, since a slow machine slows both', () => {
    const report = of(round(1, 2), round(100, 260), round(1, 9));
    expect(report.toPlain).toBeCloseTo(2.6);
    expect(report.isMet).toBe(true);
  });

  test('says what the engine takes beyond its phases', () => {
    const { phases } = of(round(2, 5));
    expect(phases.rest).toBeCloseTo(5 - 0.5 * PHASES.length);
    for (const name of PHASES) expect(phases[name]).toBe(0.5);
  });

  test.each([
    [3, 'met     CPU time to plain Node 3.00, at most 3'],
    [3.01, 'MISSED  CPU time to plain Node 3.01, at most 3'],
  ])('calls %d times plain Node what it is', (engine, sentence) => {
    const text = toText(of(round(1, engine)));
    expect(text).toContain(sentence);
    expect(text).toMatch(/^ {2}spawn +0\.50$/m);
  });
});
