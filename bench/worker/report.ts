import { type Machine, machineLine } from '../machine';
import { median } from '../median';
import type { BenchCase } from './cases';
import type { Figures } from './run';
import type { Subject, SubjectName } from './subjects';

/** Medians over the rounds, and from the least to the most of each where that says something. */
export interface SubjectResult {
  readonly name: SubjectName;
  readonly title: string;
  readonly cpuMillisecondsPerFile: number;
  readonly cpuSpread: readonly [least: number, most: number];
  /** To sharp alone in the same round. */
  readonly cpuRatio: number;
  readonly filesPerSecond: number;
  /** To sharp alone in the same round. */
  readonly speedRatio: number;
  readonly peakRssMiB: number;
  readonly requestsPerFile: Readonly<Record<string, number>>;
  /** The worker's to this one's in the same round. */
  readonly worker: { readonly cpuRatio: number; readonly speedRatio: number };
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly files: number;
  readonly roundTripMilliseconds: number;
  readonly subjects: readonly SubjectResult[];
}

/** A bound of the table that the worker must keep. */
export interface Verdict {
  readonly sentence: string;
  readonly isMet: boolean;
}

export interface Report {
  readonly machine: Machine;
  readonly rounds: number;
  readonly tls: boolean;
  readonly leftOut: readonly string[];
  readonly cases: readonly CaseResult[];
  readonly verdicts: readonly Verdict[];
}

/** Round after round, the figures of each subject. */
export type Rounds = readonly ReadonlyMap<SubjectName, Figures>[];

export function resultOf(one: BenchCase, subjects: readonly Subject[], rounds: Rounds): CaseResult {
  const { name, title, roundTripMilliseconds } = one;
  const files = rounds[0]?.get('sharp')?.files ?? 0;
  const results = subjects.map((subject) => subjectResult(subject, rounds));
  return { name, title, files, roundTripMilliseconds, subjects: results };
}

function subjectResult({ name, title }: Subject, rounds: Rounds): SubjectResult {
  const all = rounds.flatMap((round) => {
    const [figures, sharp, worker] = [round.get(name), round.get('sharp'), round.get('worker')];
    return figures && sharp && worker ? [{ figures, sharp, worker }] : [];
  });
  const over = (value: (row: (typeof all)[number]) => number) => median(all.map(value));
  const cpu = all.map(({ figures }) => cpuOf(figures));
  const kinds = Object.keys(all[0]?.figures.requests ?? {});
  return {
    name,
    title,
    cpuMillisecondsPerFile: median(cpu),
    cpuSpread: [Math.min(...cpu), Math.max(...cpu)],
    cpuRatio: over(({ figures, sharp }) => cpuOf(figures) / cpuOf(sharp)),
    filesPerSecond: over(({ figures }) => speedOf(figures)),
    speedRatio: over(({ figures, sharp }) => speedOf(figures) / speedOf(sharp)),
    peakRssMiB: Math.max(...all.map(({ figures }) => figures.peakRssMiB)),
    requestsPerFile: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        over(({ figures }) => (figures.requests[kind] ?? 0) / figures.files),
      ]),
    ),
    worker: {
      cpuRatio: over(({ figures, worker }) => cpuOf(worker) / cpuOf(figures)),
      speedRatio: over(({ figures, worker }) => speedOf(worker) / speedOf(figures)),
    },
  };
}

const cpuOf = ({ cpuMilliseconds, files }: Figures) => cpuMilliseconds / files;
const speedOf = ({ files, seconds }: Figures) => files / seconds;

/** The report as tables for people. */
export function toTables({ machine, rounds, tls, leftOut, cases, verdicts }: Report): string {
  return [
    machineLine(machine),
    `medians of ${rounds} rounds, over ${tls ? 'TLS' : 'plain HTTP'}`,
    ...leftOut.map((sentence) => `not here: ${sentence}`),
    ...cases.flatMap((one) => ['', ...toTable(one)]),
    '',
    ...verdicts.map(({ sentence, isMet }) => `${isMet ? 'met   ' : 'MISSED'}  ${sentence}`),
  ].join('\n');
}

function toTable({ title, files, roundTripMilliseconds, subjects }: CaseResult): string[] {
  const heading = [`${title}: ${files} files, ${roundTripMilliseconds} ms a round trip`];
  const columns = [
    'CPU-ms/file',
    'least–most',
    'to sharp',
    'files/s',
    'peak MiB',
    'requests a file',
  ];
  return align([[...heading, ...columns], ...subjects.map(toRow)]);
}

function toRow(result: SubjectResult): string[] {
  const [least, most] = result.cpuSpread;
  return [
    result.title,
    result.cpuMillisecondsPerFile.toFixed(2),
    `${least.toFixed(1)}–${most.toFixed(1)}`,
    result.cpuRatio.toFixed(2),
    result.filesPerSecond.toFixed(1),
    result.peakRssMiB.toFixed(0),
    Object.entries(result.requestsPerFile)
      .map(([kind, count]) => `${kind} ${count.toFixed(2)}`)
      .join(', '),
  ];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const isText = column === 0 || column === row.length - 1;
        const width = widths[column] ?? 0;
        return isText ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
