import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Source objects for the worker and for sharp alone; the plain loop gets an eighth of them, ten at the least. */
  readonly files: number;
  /** Folder with JPEGs to use instead of made ones. */
  readonly photos?: string;
  /** Time of one request to the doubles of S3 and SQS. */
  readonly roundTripMilliseconds: number;
  /** Print one JSON object instead of the table. */
  readonly json: boolean;
}

const RANGES = {
  files: { least: 10, most: 100_000, fallback: '960' },
  'round-trip-ms': { least: 0, most: 10_000, fallback: '25' },
} as const;

/**
 * Reads the command line.
 * @throws Error with every fault of it, one a line.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: RANGES.files.fallback },
      photos: { type: 'string' },
      'round-trip-ms': { type: 'string', default: RANGES['round-trip-ms'].fallback },
      json: { type: 'boolean', default: false },
    },
  });
  const faults = [faultOf('files', values.files), faultOf('round-trip-ms', values['round-trip-ms'])];
  const sentences = faults.filter((fault) => fault !== undefined);
  if (sentences.length > 0) throw new Error(sentences.join('\n'));
  return {
    files: Number(values.files),
    roundTripMilliseconds: Number(values['round-trip-ms']),
    json: values.json,
    ...(values.photos === undefined ? {} : { photos: values.photos }),
  };
}

function faultOf(name: keyof typeof RANGES, given: string): string | undefined {
  const { least, most, fallback } = RANGES[name];
  const fits = /^\d+$/.test(given) && Number(given) >= least && Number(given) <= most;
  return fits
    ? undefined
    : `--${name} must be a whole number from ${least} to ${most}, but ${given} was given; leave it out for ${fallback}`;
}
