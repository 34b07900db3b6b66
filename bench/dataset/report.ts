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
  /** Samples a second of spillway to this one's in the same round. */
  readonly speedRatio: number;
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
    const all = rounds.flatMap((round) => {
      const [figures, sharp, ours] = [round.get(name), round.get('sharp'), round.get('spillway')];
      return figures && sharp && ours ? [{ figures, sharp, ours }] : [];
    });
    const over = (value: (row: (typeof all)[number]) => number) => median(all.map(value));
    return {
      ...{ name, title },
      cpuMillisecondsPerSample: over(({ figures }) => cpuOf(figures)),
      cpuRatio: over(({ figures, sharp }) => cpuOf(figures) / cpuOf(sharp)),
      samplesPerSecond: over(({ figures }) => speedOf(figures)),
      speedRatio: over(({ figures, ours }) => speedOf(ours) / speedOf(figures)),
      coresBusy: over(({ figures }) => figures.cpuMilliseconds / 1000 / figures.seconds),
      peakRssMiB: over(({ figures }) => figures.peakRssMiB),
    };
  });
}

const cpuOf = ({ cpuMilliseconds, samples }: Figures) => cpuMilliseconds / samples;
const speedOf = ({ samples, seconds }: Figures) => samples / seconds;

/** What shards must reach on two cores, beside whom is there. */
export function verdictsOn(results: readonly SubjectResult[]): Verdict[] {
  const ours = results.find(({ name }) => name === 'spillway');
  if (!ours) throw new Error('There are no figures of spillway, whose bounds these are.');
  return [
    {
      sentence: `CPU to sharp alone ${ours.cpuRatio.toFixed(2)}, at most ${MOST_CPU_TO_SHARP}`,
      isMet: ours.cpuRatio <= MOST_CPU_TO_SHARP,
    },
    ...results
      .filter(({ name }) => SLOWER.includes(name))
      .map(({ title, speedRatio }) => ({
        sentence: `samples/s to ${title} ${speedRatio.toFixed(3)}, above 1`,
        isMet: speedRatio > 1,
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
