import { nearestWord } from '../../text/words';
import { UsageError } from '../terminal/failures';

/** What a number may be, and what it is about. */
export interface NamedNumber {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: true;
  readonly about: string;
}

export type NumberTable<Name extends string> = Readonly<Partial<Record<Name, NamedNumber>>>;

/** The most where only the least is bounded. */
export const ANY = Number.MAX_SAFE_INTEGER;

/**
 * Reads `NAME=NUMBER`.
 * @param option such as `--assume`, for errors.
 * @throws UsageError
 */
export function readNumbers<Name extends string>(
  option: string,
  table: NumberTable<Name>,
  words: readonly string[],
): Partial<Record<Name, number>> {
  const read = words.map((word) => readOne(option, table, word));
  return Object.fromEntries(read) as Partial<Record<Name, number>>;
}

/** A line for each name, for `--help`. */
export function listNumbers(table: NumberTable<string>): string {
  return Object.entries(table)
    .map(([name, one]) => `  ${name.padEnd(22)}${one?.about}`)
    .join('\n');
}

function readOne(option: string, table: NumberTable<string>, word: string) {
  const [name = '', text = ''] = word.split('=', 2);
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!known) throw unknown(option, name, Object.keys(table));
  const value = /^\d{1,16}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const { least, most, isWhole } = known;
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value)))
    return [name, value] as const;
  const kind = isWhole ? 'a whole number' : 'a number';
  const range = most === ANY ? `${least} or more` : `${least} to ${most}`;
  throw new UsageError(
    `${option} ${name} must be ${kind}, ${range}, but ${text || 'nothing'} was given.`,
  );
}

function unknown(option: string, name: string, names: readonly string[]): UsageError {
  const near = nearestWord(name, names);
  return new UsageError(
    `${option} takes NAME=NUMBER with one of ${names.join(', ')}, but ${name || 'nothing'} was ` +
      `given.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  );
}
