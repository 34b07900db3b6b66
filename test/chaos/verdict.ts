import sharp from 'sharp';
import { FAULT_CODES } from '../../application-code/worker/src/faults';
import { type DeadLetterRecord, UNATTRIBUTED } from '../../local/files/dead-letter';
import { type ChaosObject, type Colour, type Version, versionsOf } from './objects';
import type { Outcome } from './outcome';

/** A promise that was broken, and the keys that it is about. */
export interface Violation {
  readonly text: string;
  readonly keys: readonly string[];
  /** Every rendition is there, but not all of them are of the newest version. */
  readonly isOldVersion?: boolean;
}

/** An object of the run with the keys of its source and of its renditions. */
export interface Expected {
  readonly object: ChaosObject;
  readonly sourceKey: string;
  readonly renditionKeys: readonly string[];
}

export interface Limits {
  readonly maxAttempts: number;
  /** Dead letters that the queue itself may have moved. */
  readonly unattributed: number;
}

/** Codes of what may help itself: a healthy object may end with one of them, but only after its last attempt. */
const TRANSIENT: readonly string[] = [
  'SourceUnavailable',
  'DestinationUnavailable',
  'SourceKeepsChanging',
  'JobTimeout',
  'WorkerLost',
  'Internal',
];

/** Everything in an outcome that should not be; empty when the promise holds for every object. */
export async function violationsOf(
  expected: readonly Expected[],
  outcome: Outcome,
  limits: Limits,
): Promise<Violation[]> {
  const perObject = await Promise.all(expected.map((one) => objectViolations(one, outcome)));
  return [
    ...perObject.flat(),
    ...strangers(expected, outcome),
    ...outcome.deadLetters.flatMap((letter) => {
      const about = expected.find(({ sourceKey }) => sourceKey === letter.key);
      return letterViolations(letter, about && versionsOf(about.object), limits.maxAttempts);
    }),
    ...tooManyUnattributed(outcome, limits),
  ];
}

async function objectViolations(
  { object, sourceKey, renditionKeys }: Expected,
  { renditions, deadLetters }: Outcome,
): Promise<Violation[]> {
  const letters = deadLetters.filter(({ key }) => key === sourceKey);
  const found = await Promise.all(renditionKeys.map(async (key) => colourOf(renditions.get(key))));
  const everWanted = versionsOf(object).flatMap(colourWanted);
  const wrong = (text: string) => [{ text, keys: [sourceKey, ...renditionKeys] }];
  const strange = found.find((colour) => colour && !everWanted.some((wanted) => isNear(colour, wanted)));
  if (strange) return wrong(`a rendition shows ${strange}, which no version of it has`);

  const last = newest(object);
  if (last === undefined) return [];
  if ('fault' in last.ends) {
    return letters.length > 0 ? [] : wrong(`there is no dead letter for ${last.ends.fault}`);
  }
  const { colour, orFault } = last.ends;
  const isWhole = found.every((seen) => seen && isNear(seen, colour));
  if (isWhole || letters.some(({ code }) => code === orFault || isExcuse(code))) return [];
  const shown = found.map((seen) => (seen ? seen.join('/') : 'missing')).join(' and ');
  const text = `renditions of the newest version (${colour.join('/')}) are ${shown}, without a dead letter`;
  return [{ text, keys: [sourceKey, ...renditionKeys], isOldVersion: found.every(Boolean) }];
}

const isExcuse = (code: string) => TRANSIENT.includes(code) || code === UNATTRIBUTED;

/** Undefined when the object is gone. */
function newest({ first, changes }: ChaosObject): Version | undefined {
  const last = changes.at(-1)?.to ?? first;
  return last === 'deleted' ? undefined : last;
}

const colourWanted = ({ ends }: Version): Colour[] => ('colour' in ends ? [ends.colour] : []);

async function colourOf(rendition: Buffer | undefined): Promise<Colour | undefined> {
  if (!rendition) return undefined;
  const { channels } = await sharp(rendition).removeAlpha().toColourspace('srgb').stats();
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => Math.round(mean));
  return [red, green, blue];
}

function isNear(seen: Colour, wanted: Colour): boolean {
  return wanted.every((value, channel) => Math.abs(value - (seen[channel] ?? 0)) <= 20);
}

/** Renditions that no source asked for. */
function strangers(expected: readonly Expected[], { renditions }: Outcome): Violation[] {
  const wanted = new Set(
    expected
      .filter(({ object }) => versionsOf(object).some(({ ends }) => 'colour' in ends))
      .flatMap(({ renditionKeys }) => renditionKeys),
  );
  return [...renditions.keys()]
    .filter((key) => !wanted.has(key))
    .map((key) => ({ text: 'a rendition that no source asked for', keys: [key] }));
}

/**
 * What is wrong with one dead letter: its attributes, or that it is there at all.
 * @param versions of the object that it is about; undefined when there is none of its key.
 */
export function letterViolations(
  letter: DeadLetterRecord,
  versions: readonly Version[] | undefined,
  maxAttempts: number,
): Violation[] {
  const { code, message, key, receiveCount, failedAt } = letter;
  const wrong = (text: string) => [{ text: `a dead letter ${text}`, keys: key ? [key] : [] }];
  if (code === UNATTRIBUTED) return [];
  if (!(FAULT_CODES as readonly string[]).includes(code)) return wrong(`has the unknown code ${code}`);
  if (!message || receiveCount === undefined || !failedAt)
    return wrong(`lacks a part: ${JSON.stringify(letter)}`);
  if (!versions) return wrong('is about no object of this run');
  const faults = versions.map(({ ends }) => ('fault' in ends ? ends.fault : ends.orFault));
  if (faults.some((fault) => fault === code)) return [];
  if (!TRANSIENT.includes(code)) return wrong(`says ${code}, which no version of its object has`);
  return receiveCount >= maxAttempts
    ? []
    : wrong(`says ${code} after ${receiveCount} of ${maxAttempts} receives`);
}

function tooManyUnattributed({ deadLetters }: Outcome, { unattributed }: Limits): Violation[] {
  const moved = deadLetters.filter(({ code }) => code === UNATTRIBUTED);
  if (moved.length <= unattributed) return [];
  const text = `the queue moved ${moved.length} dead letters, where the faults explain ${unattributed}`;
  return [{ text, keys: moved.flatMap(({ key }) => key ?? []) }];
}
