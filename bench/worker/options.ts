import { parseArgs } from 'node:util';
import { type BenchCase, CASES } from './cases';
import { SUBJECT_NAMES, type SubjectName } from './subjects';

export interface BenchOptions {
  readonly cases: readonly BenchCase[];
  readonly subjects: readonly SubjectName[];
  /** Times that each subject does each case, in turn with the others. */
  readonly rounds: number;
  /** Share of each case's files, in hundredths. */
  readonly percent: number;
  /** Folder whose JPEGs stand for the photos. */
  readonly photos?: string;
  /** S3 and SQS are spoken to over TLS. */
  readonly tls: boolean;
  /** Print one JSON object instead of the tables. */
  readonly json: boolean;
}

const RANGES = {
  rounds: { least: 1, most: 100, fallback: '5' },
  percent: { least: 10, most: 10_000, fallback: '100' },
} as const;

/** Without whom there is nothing to compare. */
const ALWAYS: readonly SubjectName[] = ['sharp', 'worker'];

/**
 * Reads the command line.
 * @throws Error with every fault of it, one a line.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string' },
      subjects: { type: 'string' },
      rounds: { type: 'string', default: RANGES.rounds.fallback },
      percent: { type: 'string', default: RANGES.percent.fallback },
      photos: { type: 'string' },
      tls: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const caseNames = CASES.map(({ name }) => name);
  const faults = [
    numberFault('rounds', values.rounds),
    numberFault('percent', values.percent),
    listFault('cases', values.cases, caseNames),
    listFault('subjects', values.subjects, SUBJECT_NAMES),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const wanted = (name: SubjectName) =>
    ALWAYS.includes(name) || named(values.subjects, SUBJECT_NAMES).includes(name);
  return {
    cases: CASES.filter(({ name }) => named(values.cases, caseNames).includes(name)),
    subjects: SUBJECT_NAMES.filter(wanted),
    rounds: Number(values.rounds),
    percent: Number(values.percent),
    tls: values.tls,
    json: values.json,
    ...(values.photos === undefined ? {} : { photos: values.photos }),
  };
}

function numberFault(name: keyof typeof RANGES, given: string): string | undefined {
  const { least, most, fallback } = RANGES[name];
  const fits = /^\d+$/.test(given) && Number(given) >= least && Number(given) <= most;
  return fits
    ? undefined
    : `--${name} must be a whole number from ${least} to ${most}, but ${given} was ` +
        `given; leave it out for ${fallback}`;
}

/** All of them where none are named. */
const named = (given: string | undefined, all: readonly string[]) => given?.split(',') ?? all;

function listFault(
  option: string,
  given: string | undefined,
  all: readonly string[],
): string | undefined {
  const unknown = named(given, all).filter((name) => !all.includes(name));
  return unknown.length === 0
    ? undefined
    : `--${option} must be some of ${all.join(',')}, but ${unknown.join(',')} was given; ` +
        'leave it out for all';
}
