import type { Figures } from '../../simulator/scenario';
import { nearestWord } from '../../text/words';
import { UsageError } from '../terminal/failures';

interface Assumption {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: true;
  readonly about: string;
}

const ANY = Number.MAX_SAFE_INTEGER;

/** What `--assume` may say, for `--help` and for errors. */
export const ASSUMPTIONS: Readonly<Partial<Record<keyof Figures, Assumption>>> = {
  jobSeconds: { least: 0.001, most: 43_200, about: 'of a slot for one job' },
  jobSpread: { least: 0, most: 10, about: 'standard deviation of it, as a part of it' },
  startSeconds: { least: 0, most: 3_600, about: 'from RunTask to the first receive' },
  startSpread: { least: 0, most: 10, about: 'standard deviation of it, as a part of it' },
  interruptionsPerHour: { least: 0, most: 3_600, about: 'of one Spot task' },
  spotTasks: { least: 0, most: ANY, isWhole: true, about: 'for which Spot has capacity' },
  spotEndsAtSeconds: { least: 0, most: ANY, about: 'when the capacity for Spot ends' },
  onDemandVcpus: { least: 0, most: ANY, about: 'quota of the account' },
  spotVcpus: { least: 0, most: ANY, about: 'quota of the account' },
  duplicates: { least: 0, most: 1, about: 'part of the messages that SQS delivers twice' },
  failingTasks: { least: 0, most: 1, about: 'part of the tasks that end with an error at once' },
  outputsPerObject: { least: 0, most: 1_000, about: 'each one PUT, unless into shards' },
  sampleBytes: { least: 1, most: 1e9, about: 'of an object in a shard' },
  logBytesPerObject: { least: 0, most: 1e9, about: 'that a worker logs' },
};

/**
 * Reads `NAME=NUMBER`.
 * @throws UsageError
 */
export function readAssumptions(words: readonly string[]): Partial<Figures> {
  return Object.fromEntries(words.map(readOne));
}

function readOne(word: string): readonly [string, number] {
  const [name = '', text = ''] = word.split('=', 2);
  const assumption = Object.hasOwn(ASSUMPTIONS, name)
    ? ASSUMPTIONS[name as keyof Figures]
    : undefined;
  if (!assumption) throw unknown(name);
  const value = /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const { least, most, isWhole } = assumption;
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value)))
    return [name, value];
  const kind = isWhole ? 'a whole number' : 'a number';
  const range = most === ANY ? `${least} or more` : `${least} to ${most}`;
  throw new UsageError(
    `--assume ${name} must be ${kind}, ${range}, but ${text || 'nothing'} was given.`,
  );
}

function unknown(name: string): UsageError {
  const names = Object.keys(ASSUMPTIONS);
  const near = nearestWord(name, names);
  return new UsageError(
    `--assume takes NAME=NUMBER with one of ${names.join(', ')}, but ${name || 'nothing'} was ` +
      `given.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  );
}
