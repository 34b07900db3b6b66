import sharp from 'sharp';
import { FAULTS } from '../../application-code/command/faults';
import { parseManifest } from '../../application-code/worker/src/job/manifest';
import { knownFaultCodes } from '../../application-code/workloads';
import { type DeadLetterRecord, UNATTRIBUTED } from '../../local/files/dead-letter';
import type { Outcome } from '../emulator/outcome';
import { etagOf } from '../fakes/bucket';
import {
  type ChaosObject,
  type Colour,
  type Format,
  type Picture,
  type Poison,
  type Version,
  versionsOf,
} from './objects';

/** A promise that was broken, and the keys that it is about. */
export interface Violation {
  readonly text: string;
  readonly keys: readonly string[];
  /** Every rendition is there, but not all of them are of the newest version. */
  readonly isOldVersion?: boolean;
}

/** A rendition that fits into a box as wide as it. */
export interface ExpectedRendition {
  readonly key: string;
  /** Default: the source's; so is the format. */
  readonly width?: number;
  readonly format?: string;
  /** Of a manifest: the keys that it lists. */
  readonly lists?: readonly string[];
}

/** An object of the run, and what has to become of it. */
export interface Expected {
  readonly object: ChaosObject;
  readonly sourceKey: string;
  readonly renditions: readonly ExpectedRendition[];
  /** When its newest version was on its way to S3, in milliseconds since the epoch. */
  readonly newestAt: number;
}

export interface Limits {
  readonly maxAttempts: number;
  /** Dead letters that the queue itself may have moved. */
  readonly unattributed: number;
}

/** Of this checkout's workloads, and of a program's. */
const KNOWN_CODES = [...knownFaultCodes(), ...Object.keys(FAULTS)];

/** A healthy object may end with one of them after its last attempt. `Internal` is a defect. */
const TRANSIENT: readonly string[] = [
  'SourceUnavailable',
  'DestinationUnavailable',
  'JobTimeout',
  'WorkerLost',
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
  { object, sourceKey, renditions: wanted, newestAt }: Expected,
  { renditions, deadLetters }: Outcome,
): Promise<Violation[]> {
  const letters = deadLetters.filter(
    // What the queue moved does not say when.
    ({ key, failedAt }) => key === sourceKey && !(Date.parse(failedAt ?? '') < newestAt),
  );
  const keys = [sourceKey, ...wanted.map(({ key }) => key)];
  const wrong = (text: string) => [{ text, keys }];
  const pictureKeys = wanted.filter(({ lists }) => !lists);
  const manifests = wanted.filter(({ lists }) => lists);
  const found = await Promise.all(
    pictureKeys.map(async (rendition) => ({
      rendition,
      seen: await lookAt(renditions.get(rendition.key)),
    })),
  );
  const pictures = versionsOf(object).flatMap(pictureOf);
  for (const { rendition, seen } of found) {
    if (seen && !pictures.some((picture) => isOf(picture, seen, rendition)))
      return wrong(`${rendition.key} is ${textOf(seen)}, which no version of it makes`);
  }

  const last = newest(object);
  if (last === undefined) return [];
  if ('fault' in last.ends) {
    const { fault } = last.ends;
    const isTold = letters.some(({ code }) => code === fault || isExcuse(code));
    return isTold ? [] : wrong(`there is no dead letter for ${fault}`);
  }
  const picture = last.ends;
  const isWhole =
    found.every(({ rendition, seen }) => seen && isOf(picture, seen, rendition)) &&
    manifests.every(({ key, lists }) => isManifest(renditions.get(key), last.body, lists));
  if (isWhole || letters.some(({ code }) => code === picture.orFault || isExcuse(code))) return [];
  const shown = found.map(({ seen }) => (seen ? textOf(seen) : 'missing')).join(' and ');
  const text =
    `renditions of the newest version (${picture.colour.join('/')}) are ` +
    `${shown}, without a dead letter`;
  return [{ text, keys, isOldVersion: found.every(({ seen }) => seen) }];
}

const isExcuse = (code: string) => TRANSIENT.includes(code) || code === UNATTRIBUTED;

/** Undefined when the object is gone. */
function newest({ first, changes }: ChaosObject): Version | undefined {
  const last = changes.at(-1)?.to ?? first;
  return last === 'deleted' ? undefined : last;
}

const pictureOf = ({ ends }: Version): Picture[] => ('colour' in ends ? [ends] : []);

async function lookAt(rendition: Buffer | undefined): Promise<Picture | undefined> {
  if (!rendition) return undefined;
  const { width, height, format } = await sharp(rendition).metadata();
  const { channels } = await sharp(rendition).removeAlpha().toColourspace('srgb').stats();
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => Math.round(mean));
  return { colour: [red, green, blue], width, height, format: format as Format };
}

/** Whether a manifest is of this source, and lists these outputs. */
function isManifest(text: Buffer | undefined, source: Buffer, lists: readonly string[] = []) {
  if (!text) return false;
  const { source: made, outputs } = parseManifest(text.toString());
  const listed = outputs.map(({ key }) => key).sort();
  return made.etag === `"${etagOf(source)}"` && listed.join() === [...lists].sort().join();
}

/** Whether a rendition is what its recipe makes of a picture. */
function isOf(
  picture: Picture,
  seen: Picture,
  { width = picture.width, format }: ExpectedRendition,
): boolean {
  const height = Math.round((width * picture.height) / picture.width);
  const isShaped = seen.width === width && seen.height === height;
  return (
    isNear(seen.colour, picture.colour) && isShaped && seen.format === (format ?? picture.format)
  );
}

const textOf = ({ colour, width, height, format }: Picture) =>
  `${width}x${height} ${format} of ${colour.join('/')}`;

function isNear(seen: Colour, wanted: Colour): boolean {
  return wanted.every((value, channel) => Math.abs(value - (seen[channel] ?? 0)) <= 20);
}

/** Renditions that no source asked for. */
function strangers(expected: readonly Expected[], { renditions }: Outcome): Violation[] {
  const wanted = new Set(
    expected
      .filter(({ object }) => versionsOf(object).some(({ ends }) => 'colour' in ends))
      .flatMap(({ renditions: of }) => of.map(({ key }) => key)),
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
  if (!KNOWN_CODES.includes(code)) return wrong(`has the unknown code ${code}`);
  if (!message || receiveCount === undefined || !failedAt)
    return wrong(`lacks a part: ${JSON.stringify(letter)}`);
  if (!versions) return wrong('is about no object of this run');
  const ofCode = versions.map(({ ends }) => poisonOf(ends)).filter(({ fault }) => fault === code);
  if (ofCode.some(({ reason }) => reason === undefined || reason === message)) return [];
  if (ofCode.length > 0) {
    return wrong(`says "${message}", where its own object's reason is "${ofCode[0]?.reason}"`);
  }
  if (!TRANSIENT.includes(code)) return wrong(`says ${code}, which no version of its object has`);
  return receiveCount >= maxAttempts
    ? []
    : wrong(`says ${code} after ${receiveCount} of ${maxAttempts} receives`);
}

function poisonOf(ends: Version['ends']): Partial<Poison> {
  if ('fault' in ends) return ends;
  return ends.orFault ? { fault: ends.orFault } : {};
}

function tooManyUnattributed({ deadLetters }: Outcome, { unattributed }: Limits): Violation[] {
  const moved = deadLetters.filter(({ code }) => code === UNATTRIBUTED);
  if (moved.length <= unattributed) return [];
  const text =
    `the queue moved ${moved.length} dead letters, where the faults explain ` + `${unattributed}`;
  return [{ text, keys: moved.flatMap(({ key }) => key ?? []) }];
}
