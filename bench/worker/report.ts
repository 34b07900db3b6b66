import type { Figures } from './measure';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly node: string;
  readonly sharp: string;
  readonly libvips: string;
}

/** What one run of the benchmark found. */
export interface Report {
  readonly machine: Machine;
  readonly roundTripMilliseconds: number;
  readonly photos: { readonly distinct: number; readonly meanBytes: number };
  readonly figures: readonly [plainLoop: Figures, worker: Figures, sharpAlone: Figures];
  readonly workerToPlainLoop: number;
  readonly workerToSharpAlone: number;
}

/** What the worker should reach with camera JPEGs at 25 ms on two cores. */
export const TARGETS = { workerToPlainLoop: 10, workerToSharpAlone: 0.6 } as const;

export const filesPerSecond = ({ files, seconds }: Figures): number => files / seconds;

/** The report as a table for people. */
export function toTable(report: Report): string {
  const { machine, photos, roundTripMilliseconds } = report;
  const rows = [
    ['', 'files', 'files/s', 'CPU-ms/file', 'cores busy', 'peak RSS'],
    ...report.figures.map((figures) => toRow(figures)),
  ];
  return [
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, sharp ${machine.sharp}, libvips ${machine.libvips}`,
    `${photos.distinct} photos of ${(photos.meanBytes / 1e6).toFixed(2)} MB on average, ${roundTripMilliseconds} ms a round trip`,
    '',
    ...align(rows),
    '',
    toVerdict('worker : plain loop', report.workerToPlainLoop, TARGETS.workerToPlainLoop),
    toVerdict('worker : sharp alone', report.workerToSharpAlone, TARGETS.workerToSharpAlone),
  ].join('\n');
}

function toRow(figures: Figures): string[] {
  return [
    figures.subject,
    String(figures.files),
    filesPerSecond(figures).toFixed(1),
    (figures.cpuMilliseconds / figures.files).toFixed(1),
    (figures.cpuMilliseconds / 1000 / figures.seconds).toFixed(2),
    `${figures.peakRssMiB.toFixed(0)} MiB`,
  ];
}

function toVerdict(name: string, ratio: number, target: number): string {
  const verdict = ratio >= target ? 'reached' : 'MISSED';
  return `${name.padEnd(22)}${ratio.toFixed(2).padStart(6)}   target ${target}: ${verdict}`;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width + 3);
      })
      .join(''),
  );
}
