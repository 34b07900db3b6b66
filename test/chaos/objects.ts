import sharp from 'sharp';
import { outputsOf } from '../../application-code/images/outputs';
import { workload } from '../../application-code/images/workload';
import { systemClock } from '../../application-code/worker/src/clock';
import type { FaultCode } from '../../application-code/worker/src/faults';
import { runJob } from '../../application-code/worker/src/job/job';
import { readMessage } from '../../application-code/worker/src/job/messages';
import { s3Event } from '../fakes/worker/events';
import { deliveryFacts, FakeSources } from '../fakes/worker/fake-buckets';
import { between, chance, oneOf } from './chance';

export type Colour = readonly [red: number, green: number, blue: number];

/** What a photo shows, and so what each of its renditions does. */
export interface Picture {
  readonly colour: Colour;
  readonly width: number;
  readonly height: number;
  readonly format: Format;
}

/** What a source object holds for a while, and how it must end when it is the newest. */
export interface Version {
  readonly body: Buffer;
  readonly ends: (Picture & { readonly orFault?: FaultCode }) | Poison;
}

/** Why an object is dead-lettered; the reason is that of a worker without other work. */
export interface Poison {
  readonly fault: FaultCode;
  readonly reason?: string;
}

/** When a worker comes to this point of its work on an object, the object changes. */
export interface ChangePoint {
  readonly operation: 'GetObject' | 'PutObject' | 'HeadObject';
  readonly moment: 'before' | 'after';
}

/** A step of an object's life after its first upload: its next version, or its end. */
export interface Change {
  readonly at: ChangePoint;
  readonly to: Version | 'deleted';
  /** Holds back the request at which it changed, so that another worker can overtake. */
  readonly holdMilliseconds: number;
}

export interface ChaosObject {
  /** Below the source prefix. */
  readonly path: string;
  readonly first: Version;
  readonly changes: readonly Change[];
  /** Its event comes twice. */
  readonly isAnnouncedTwice: boolean;
}

/** Far enough apart to be told from one another after a resize. */
const PALETTE: readonly [Colour, ...Colour[]] = [
  [220, 30, 30],
  [30, 160, 40],
  [30, 50, 200],
  [230, 200, 30],
  [30, 190, 200],
  [200, 40, 190],
];

export type Format = 'jpeg' | 'png' | 'webp';

/** What becomes of an object, as often as it is here. */
const LIVES = [
  ...Array<'photo'>(6).fill('photo'),
  ...Array<'overwritten'>(8).fill('overwritten'),
  ...Array<'poison'>(3).fill('poison'),
  'deleted',
  'deleted',
  'spoiled',
  'repaired',
  'large',
] as const;

/** The same object for the same seed and number, whatever else there is. */
export async function makeObject(
  seed: number,
  number: number,
  makePoison: typeof poison = poison,
): Promise<ChaosObject> {
  // Pictures that are made at the same time would mix up the reasons of these.
  await poisons();
  const draw = (name: string) => chance(seed, `object/${name}`, number);
  const life = oneOf(
    LIVES as unknown as readonly ['photo'],
    draw('life'),
  ) as (typeof LIVES)[number];
  const format = oneOf<Format>(['jpeg', 'png', 'webp'], draw('format'));
  const photo = (version: number) => photoOf(number + version, format);
  const change = async (index: number, to: Promise<Version> | 'deleted'): Promise<Change> => ({
    at: {
      operation: oneOf(['GetObject', 'PutObject', 'HeadObject'], draw(`operation ${index}`)),
      moment: oneOf(['before', 'after'], draw(`moment ${index}`)),
    },
    to: await to,
    holdMilliseconds: oneOf([0, 500, 1_500], draw(`hold ${index}`)),
  });
  const changes = {
    photo: [],
    large: [],
    poison: [],
    overwritten: Array.from({ length: between(1, 2, draw('versions')) }, (_, index) =>
      change(index, photo(index + 1)),
    ),
    deleted: [change(0, 'deleted')],
    spoiled: [change(0, makePoison(draw('poison')))],
    repaired: [change(0, photo(1))],
  }[life];
  return {
    path: `${life} é/${number} of +.${format}`,
    first: await firstOf(
      life,
      () => makePoison(draw('poison')),
      () => photo(0),
    ),
    changes: await Promise.all(changes),
    isAnnouncedTwice: draw('twice') < 0.15,
  };
}

function firstOf(
  life: (typeof LIVES)[number],
  poisoned: () => Promise<Version>,
  photo: () => Promise<Version>,
): Promise<Version> {
  if (life === 'large') return largePhoto();
  return life === 'poison' || life === 'repaired' ? poisoned() : photo();
}

/** Every version that the object has had. */
export function versionsOf({ first, changes }: ChaosObject): readonly Version[] {
  return [first, ...changes.flatMap(({ to }) => (to === 'deleted' ? [] : [to]))];
}

/** A picture of one colour, which the number chooses. */
export async function photoOf(number: number, format: Format): Promise<Version> {
  const [r, g, b] = PALETTE[number % PALETTE.length] ?? PALETTE[0];
  const [width, height] = [96, 64];
  const flat = sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
  return {
    body: await flat.toFormat(format).toBuffer(),
    ends: { colour: [r, g, b], width, height, format },
  };
}

let large: Promise<Version> | undefined;

/** Twelve megapixels, progressive: several at once do not fit into a small task. */
function largePhoto(): Promise<Version> {
  const colour: Colour = [30, 160, 40];
  const [r, g, b] = colour;
  const [width, height, format, orFault] = [4000, 3000, 'jpeg', 'TooLargeForMemory'] as const;
  large ??= sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .jpeg({ progressive: true })
    .toBuffer()
    .then((body) => ({ body, ends: { colour, width, height, format, orFault } }));
  return large;
}

/** A file that can never become a rendition, each for a reason of its own. */
export async function poison(draw: number): Promise<Version> {
  return oneOf(await poisons(), draw);
}

type Versions = readonly [Version, ...Version[]];

let files: Promise<Versions> | undefined;

function poisons(): Promise<Versions> {
  files ??= makePoisons();
  return files;
}

async function makePoisons(): Promise<Versions> {
  const halves = await Promise.all(
    (['jpeg', 'png', 'webp', 'gif', 'avif'] as const).map(async (format) => {
      const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
      const whole = await sharp({
        create: { width: 96, height: 96, channels: 3, background: 'red', noise },
      })
        .toFormat(format)
        .toBuffer();
      return whole.subarray(0, whole.length >> 1);
    }),
  );
  const behindEnd = Buffer.concat([halves[0] ?? Buffer.alloc(0), Buffer.from([0xff, 0xd9])]);
  const damaged: Version[] = [];
  // One after another: libvips keeps the words of an error for the whole process.
  for (const body of [...halves, behindEnd]) damaged.push(await deadLetter(body, 'Undecodable'));
  return [
    await deadLetter(Buffer.from('not a photo\n'), 'UnsupportedFormat'),
    ...damaged,
    await deadLetter(Buffer.alloc(0), 'EmptySource'),
  ];
}

async function deadLetter(body: Buffer, fault: FaultCode): Promise<Version> {
  return { body, ends: { fault, reason: await reasonOf(body) } };
}

const KEY = 'a';
const RECIPE = [{ name: 'small', width: 32 }];

/** What a worker says of a file that is no picture, when it has no other work meanwhile. */
async function reasonOf(body: Buffer): Promise<string> {
  const limits = {
    memoryLimitMiB: 512,
    maxSourceBytes: 1e9,
    jobTimeoutSeconds: 60,
    maxProcesses: 1,
  };
  const own = { maxSourcePixels: 1e8, failOn: 'error' };
  const processor = await workload.createProcessor(RECIPE, { ...limits, settings: own });
  const settings = {
    sourceBucket: 'photos',
    sourcePrefix: '',
    destinationPrefix: 'to/',
    outputs: outputsOf(RECIPE),
    maxSourceBytes: limits.maxSourceBytes,
  };
  const sources = new FakeSources();
  sources.put(KEY, body);
  const destination = {
    write: () => Promise.reject(new Error('a rendition came out')),
    probe: async () => undefined,
  };
  const [result] = await runJob(readMessage(s3Event(KEY), settings), {
    settings,
    ports: { sources, destination, processor, clock: systemClock },
    signal: new AbortController().signal,
    delivery: deliveryFacts(),
    onWrite: () => undefined,
  });
  if (result?.outcome !== 'failed' || result.key !== KEY)
    throw new Error(`Expected a failure but the job is ${result?.outcome}.`);
  return result.fault.message;
}
