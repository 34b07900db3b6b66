import { type Command, InvalidArgumentError } from 'commander';
import { knownFaultCodes } from '../../application-code/workloads';
import { UNATTRIBUTED } from '../../local/files/dead-letter';
import { nearestWord, shown } from '../../text/words';
import { durationInWords, durationOf } from '../terminal/option-values';
import type { Letter } from './letter';

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
  const codes = [...knownFaultCodes(), UNATTRIBUTED];
  if (codes.includes(code)) return [...before, code];
  const meant = nearestWord(code, codes);
  throw new InvalidArgumentError(
    `${shown(code)} is no fault code; there are: ${codes.join(', ')}.` +
      (meant === undefined ? '' : ` Did you mean ${meant}?`),
  );
}

function patternOf(pattern: string): string {
  if (pattern !== '') return pattern;
  throw new InvalidArgumentError(
    "It must be a pattern such as 'ecsproc/holiday/**', but nothing was given.",
  );
}

const PARTS = /(?<=^|\/)\*\*\/|\*\*|\*|[^*]+/gsu;

/**
 * Whether a key is like a pattern: `*` is anything but `/`, `**` is anything, and where a folder
 * begins also no folder at all. Every other character is itself. The key is read once for each part
 * of the pattern. A regular expression would try every way to share a key among the stars:
 * picomatch 4.0.7 takes 46 s for `*a*a*a*a*b` and 200 times `a`; `?` and others stay special there.
 */
export function keyMatcher(pattern: string): (key: string) => boolean {
  const parts = pattern.match(PARTS) ?? [];
  return (key) => {
    let places: ReadonlySet<number> = new Set([0]);
    for (const part of parts) places = after(part, key, places);
    return places.has(key.length);
  };
}

/**
 * @param places - of the key, where a part of the pattern may begin.
 * @returns where it may end.
 */
function after(part: string, key: string, places: ReadonlySet<number>): ReadonlySet<number> {
  if (!part.startsWith('*')) {
    const fitting = [...places].filter((place) => key.startsWith(part, place));
    return new Set(fitting.map((place) => place + part.length));
  }
  const ends = new Set<number>();
  let isWithin = false;
  for (let place = 0; place <= key.length; place += 1) {
    const isBehindSlash = key[place - 1] === '/';
    if (part === '*' && isBehindSlash) isWithin = false;
    if (places.has(place)) isWithin = true;
    if (isWithin && (part !== '**/' || isBehindSlash || places.has(place))) ends.add(place);
  }
  return ends;
}
