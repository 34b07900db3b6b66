import { type Command, InvalidArgumentError } from 'commander';
import { knownFaultCodes } from '../../application-code/workloads';
import { UNATTRIBUTED } from '../../local/files/dead-letter';
import { nearestWord, shown } from '../../text/words';
import { durationInWords, durationOf } from '../terminal/option-values';
import { keyMatcher } from './key-pattern';
import type { Letter } from './letter';

const CODES: readonly string[] = [...knownFaultCodes(), UNATTRIBUTED];

/** Options that choose among dead letters. */
export interface FilterOptions {
  readonly fault?: readonly string[];
  readonly key?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly newerThan?: number;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option('--fault <CODE>', 'only letters of this fault code; may be said several times', addCode)
    .option(
      '--key <PATTERN>',
      'only letters about keys like this: * is anything but /, ** anything, all else itself',
      patternOf,
    )
    .option(
      '--older-than <AGE>',
      'only letters that were given up at least this long ago, such as 90s, 15m, 2h, 3d',
      durationOf,
    )
    .option('--newer-than <AGE>', 'only letters given up since then', durationOf);
}

export function isFiltered({ fault, key, olderThan, newerThan }: FilterOptions): boolean {
  return [fault, key, olderThan, newerThan].some((option) => option !== undefined);
}

/** @param now - milliseconds since the epoch. */
export function letterFilter(options: FilterOptions, now: number): (letter: Letter) => boolean {
  const { fault, key, olderThan = 0, newerThan } = options;
  const isKey = key === undefined ? () => true : keyMatcher(key);
  return (letter) =>
    (fault === undefined || fault.includes(letter.code)) &&
    (key === undefined || letter.keys.some(isKey)) &&
    (olderThan === 0 || now - letter.at >= olderThan) &&
    (newerThan === undefined || now - letter.at <= newerThan);
}

/** In words, for a question or a summary. */
export function filterInWords({ fault, key, olderThan, newerThan }: FilterOptions): string {
  const words = [
    ...(fault ? [`of ${fault.join(', ')}`] : []),
    ...(key === undefined ? [] : [`about ${key}`]),
    ...(olderThan === undefined ? [] : [`older than ${durationInWords(olderThan)}`]),
    ...(newerThan === undefined ? [] : [`newer than ${durationInWords(newerThan)}`]),
  ];
  return words.length === 0 ? '' : ` ${words.join(', ')}`;
}

function addCode(code: string, before: readonly string[] = []): readonly string[] {
  if (CODES.includes(code)) return [...before, code];
  const meant = nearestWord(code, CODES);
  throw new InvalidArgumentError(
    `${shown(code)} is no fault code; there are: ${CODES.join(', ')}.` +
      (meant === undefined ? '' : ` Did you mean ${meant}?`),
  );
}

function patternOf(pattern: string): string {
  if (pattern !== '') return pattern;
  throw new InvalidArgumentError(
    "It must be a pattern such as 'ecsproc/holiday/**', but nothing was given.",
  );
}
