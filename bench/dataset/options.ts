import { parseArgs } from 'node:util';
import { SUBJECT_NAMES, type SubjectName } from './subjects';

/** As many shards for all samples: one of the warm-up has a fifth of them, too. */
const SHARDS = 5;

export interface DatasetOptions {
  readonly samples: number;
  readonly shardSamples: number;
  /** Times that each subject does all samples, in turn with the others. */
  readonly rounds: number;
  readonly subjects: readonly SubjectName[];
  /** Print one JSON object instead of the table. */
  readonly json: boolean;
}

const RANGES = {
  samples: { least: 100, most: 100_000, step: 100, fallback: '5000' },
  rounds: { least: 1, most: 20, step: 1, fallback: '3' },
} as const;

/** Without whom there is nothing to compare. */
const ALWAYS: readonly SubjectName[] = ['sharp', 'spillway'];

/**
 * Reads the command line.
 * @throws Error with every fault of it, one a line.
 */
export function readOptions(args: readonly string[]): DatasetOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      samples: { type: 'string', default: RANGES.samples.fallback },
      rounds: { type: 'string', default: RANGES.rounds.fallback },
      subjects: { type: 'string', default: SUBJECT_NAMES.join(',') },
      json: { type: 'boolean', default: false },
    },
  });
  const named = values.subjects.split(',');
  const faults = [
    numberFault('samples', values.samples),
    numberFault('rounds', values.rounds),
    subjectsFault(named),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const samples = Number(values.samples);
  return {
    samples,
    shardSamples: samples / SHARDS,
    rounds: Number(values.rounds),
    subjects: SUBJECT_NAMES.filter((name) => ALWAYS.includes(name) || named.includes(name)),
    json: values.json,
  };
}

function numberFault(name: keyof typeof RANGES, given: string): string | undefined {
  const { least, most, step, fallback } = RANGES[name];
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most && value % step === 0)
    return undefined;
  return (
    `--${name} must be ${step > 1 ? `a multiple of ${step}` : 'a whole number'} from ${least} to ` +
    `${most}, but ${given} was given; leave it out for ${fallback}`
  );
}

function subjectsFault(named: readonly string[]): string | undefined {
  const unknown = named.filter((name) => !(SUBJECT_NAMES as readonly string[]).includes(name));
  return unknown.length === 0
    ? undefined
    : `--subjects must be some of ${SUBJECT_NAMES.join(',')}, but ${unknown.join(',')} was ` +
        'given; leave it out for all';
}
