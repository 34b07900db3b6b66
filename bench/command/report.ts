import { median } from '../median';

/** Of a job, as the engine goes through them. */
export const PHASES = ['receive', 'get', 'folder', 'spawn', 'put', 'look', 'delete'] as const;
export type Phase = (typeof PHASES)[number];

/** CPU time that the engine may take for a job, to that of a spawn from plain Node. */
const MOST_TO_PLAIN = 3;

export interface Figures {
  readonly cpuMilliseconds: number;
  readonly jobsPerSecond: number;
}

/** One round; each figure is of one job. */
export interface Round {
  readonly plain: Figures;
  readonly engine: Figures;
  readonly phases: Readonly<Record<Phase, Figures>>;
}

/** Medians of the rounds. */
export interface Report {
  readonly jobs: number;
  readonly atATime: number;
  readonly rounds: number;
  readonly plain: Figures;
  readonly engine: Figures;
  /** CPU-ms. `rest`: what the whole engine takes beyond its phases. */
  readonly phases: Readonly<Record<Phase | 'rest', number>>;
  /** CPU time of the engine to that of plain Node in the same round. */
  readonly toPlain: number;
  readonly isMet: boolean;
}

export function reportOf(
  rounds: readonly Round[],
  { jobs, atATime }: Pick<Report, 'jobs' | 'atATime'>,
): Report {
  const over = (value: (round: Round) => number) => median(rounds.map(value));
  const figures = (of: (round: Round) => Figures) => ({
    cpuMilliseconds: over((round) => of(round).cpuMilliseconds),
    jobsPerSecond: over((round) => of(round).jobsPerSecond),
  });
  const phases = PHASES.map(
    (name) => [name, over((round) => round.phases[name].cpuMilliseconds)] as const,
  );
  const engine = figures((round) => round.engine);
  const rest = engine.cpuMilliseconds - phases.reduce((sum, [, value]) => sum + value, 0);
  const toPlain = over(({ engine: ours, plain }) => ours.cpuMilliseconds / plain.cpuMilliseconds);
  return {
    ...{ jobs, atATime, rounds: rounds.length, engine, toPlain },
    plain: figures((round) => round.plain),
    phases: { ...(Object.fromEntries(phases) as Record<Phase, number>), rest },
    isMet: toPlain <= MOST_TO_PLAIN,
  };
}

/** The report for people. */
export function toText(report: Report): string {
  const { jobs, atATime, rounds, plain, engine, phases, toPlain, isMet } = report;
  const row = (name: string, cpu: number, more: string) =>
    `${name.padEnd(28)}${cpu.toFixed(2).padStart(10)}${more}`;
  const whole = (name: string, { cpuMilliseconds, jobsPerSecond }: Figures, ratio: number) =>
    row(
      name,
      cpuMilliseconds,
      `${ratio.toFixed(2).padStart(10)}${jobsPerSecond.toFixed(0).padStart(10)}`,
    );
  return [
    `${jobs} jobs, ${atATime} at a time; medians of ${rounds} rounds`,
    '',
    `${''.padEnd(28)}CPU-ms/job  to plain    jobs/s`,
    whole('plain Node, spawn', plain, 1),
    whole('engine', engine, toPlain),
    ...Object.entries(phases).map(([name, cpu]) => row(`  ${name}`, cpu, '')),
    '',
    `${isMet ? 'met   ' : 'MISSED'}  CPU time to plain Node ${toPlain.toFixed(2)}, at most ` +
      `${MOST_TO_PLAIN}`,
  ].join('\n');
}
