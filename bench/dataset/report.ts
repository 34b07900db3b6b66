import { type Machine, machineLine } from '../machine';
import { median } from '../median';
import type { Figures } from './run';
import type { Subject, SubjectName } from './subjects';

/** CPU time that a sample may take, to that of sharp alone; S3 and SQS are not counted. */
const MOST_CPU_TO_SHARP = 1.6;
/** Who must make fewer samples a second. */
const SLOWER: readonly SubjectName[] = ['img2dataset', 'script', 'pillow'];

/** Medians over the rounds. */
export interface SubjectResult {
  readonly name: SubjectName;
  readonly title: string;
  readonly cpuMillisecondsPerSample: number;
  /** To sharp alone in the same round. */
  readonly cpuRatio: number;
  readonly samplesPerSecond: number;
  /** Of the CPUs, on average; fewer than it could use where other programs take their part. */
  readonly coresBusy: number;
  readonly peakRssMiB: number;
}

export interface Verdict {
  readonly sentence: string;
  readonly isMet: boolean;
}

export interface Report {
  readonly machine: Machine;
  readonly title: string;
  readonly samples: number;
  readonly rounds: number;
  readonly leftOut: readonly string[];
  readonly results: readonly SubjectResult[];
  readonly verdicts: readonly Verdict[];
}

/** Round after round, the figures of each subject. */
export type Rounds = readonly ReadonlyMap<SubjectName, Figures>[];

export function resultsOf(
  subjects: readonly Pick<Subject, 'name' | 'title'>[],
  rounds: Rounds,
): SubjectResult[] {
  return subjects.map(({ name, title }) => {
    const over = (value: (figures: Figures, sharp: Figures) => number) =>
      median(
        rounds.flatMap((round) => {
          const [figures, sharp] = [round.get(name), round.get('sharp')];
          return figures && sharp ? [value(figures, sharp)] : [];
        }),
      );
    return {
      ...{ name, title },
      cpuMillisecondsPerSample: over(cpuOf),
      cpuRatio: over((figures, sharp) => cpuOf(figures) / cpuOf(sharp)),
      samplesPerSecond: over(({ samples, seconds }) => samples / seconds),
      coresBusy: over(({ cpuMilliseconds, seconds }) => cpuMilliseconds / 1000 / seconds),
      peakRssMiB: over(({ peakRssMiB }) => peakRssMiB),
    };
  });
}

const cpuOf = ({ cpuMilliseconds, samples }: Figures) => cpuMilliseconds / samples;

/** What shards must reach on two cores, beside whom is there. */
export function verdictsOn(results: readonly SubjectResult[]): Verdict[] {
  const ours = results.find(({ name }) => name === 'spillway');
  if (!ours) throw new Error('There are no figures of spillway, whose bounds these are.');
  const speed = ours.samplesPerSecond;
  return [
    {
      sentence: `CPU to sharp alone ${ours.cpuRatio.toFixed(2)}, at most ${MOST_CPU_TO_SHARP}`,
      isMet: ours.cpuRatio <= MOST_CPU_TO_SHARP,
    },
    ...results
      .filter(({ name }) => SLOWER.includes(name))
      .map(({ title, samplesPerSecond }) => ({
        sentence: `samples/s ${speed.toFixed(1)}, above ${title} ${samplesPerSecond.toFixed(1)}`,
        isMet: speed > samplesPerSecond,
      })),
  ];
}

/** The report for people. */
export function toText(report: Report): string {
  const { machine, title, samples, rounds, leftOut, results, verdicts } = report;
  const times = `${rounds} round${rounds > 1 ? 's' : ''}`;
  return [
    machineLine(machine),
    `${title}, ${samples} samples; medians of ${times}`,
    ...leftOut.map((sentence) => `not here: ${sentence}`),
    '',
    row('', ['CPU-ms/sample', 'to sharp', 'samples/s', 'cores busy', 'peak MiB']),
    ...results.map(({ title: name, ...result }) =>
      row(name, [
        result.cpuMillisecondsPerSample.toFixed(2),
        result.cpuRatio.toFixed(2),
        result.samplesPerSecond.toFixed(1),
        result.coresBusy.toFixed(2),
        result.peakRssMiB.toFixed(0),
      ]),
    ),
    '',
    ...verdicts.map(({ sentence, isMet }) => `${isMet ? 'met   ' : 'MISSED'}  ${sentence}`),
  ].join('\n');
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(26)}${cells.map((cell) => cell.padStart(14)).join('')}`.trimEnd();
}
