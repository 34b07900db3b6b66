import sharp from 'sharp';
import { manifestText } from '../../application-code/worker/src/job/manifest';
import type { DeadLetterRecord } from '../../local/files/dead-letter';
import { etagOf } from '../fakes/bucket';
import { type ChaosObject, photoOf, poison, type Version, versionsOf } from './objects';
import { violationsOf } from './verdict';

const RENDITIONS = [
  { key: 'processed/s/a.png', width: 32 },
  { key: 'processed/m/a.png.webp', width: 64, format: 'webp' },
] as const;
const UPLOADED_AT = Date.UTC(2025, 11, 31);
const LETTER: DeadLetterRecord = {
  messageId: '1',
  key: 'ecsproc/a.png',
  code: 'Undecodable',
  message: 'cut off',
  receiveCount: 1,
  failedAt: '2026-01-01T00:00:00.000Z',
};

const [red, green, cutOff] = [photoOf(0, 'png'), photoOf(1, 'png'), poison(0.5)];
const newer = async (to: Promise<Version> | 'deleted') => ({
  at: { operation: 'GetObject' as const, moment: 'after' as const },
  to: await to,
  holdMilliseconds: 0,
});

/** What is wrong with how one object ended. */
async function wrong(
  versions: { first: Promise<Version>; later?: Promise<Version> | 'deleted' },
  shown: readonly Promise<Version>[],
  letters: readonly Partial<DeadLetterRecord>[] = [],
  unattributed = 0,
): Promise<string[]> {
  const object: ChaosObject = {
    path: 'a.png',
    first: await versions.first,
    changes: versions.later ? [await newer(versions.later)] : [],
    isAnnouncedTwice: false,
  };
  const bodies = await Promise.all(shown.map(async (version, index) => make(await version, index)));
  const renditions = new Map(
    bodies.map((body, index) => [RENDITIONS[index]?.key ?? 'processed/x', body] as const),
  );
  const poisoned = versionsOf(object).flatMap(({ ends }) =>
    'fault' in ends ? (ends.reason ?? []) : [],
  );
  const deadLetters = letters.map((letter) => ({
    ...LETTER,
    message: poisoned[0] ?? 'none',
    ...letter,
  }));
  const expected = {
    object,
    sourceKey: 'ecsproc/a.png',
    renditions: RENDITIONS,
    newestAt: UPLOADED_AT,
  };
  const found = await violationsOf(
    [expected],
    { renditions, deadLetters },
    { maxAttempts: 8, unattributed },
  );
  return found.map(({ text }) => text);
}

const EARLIER = { failedAt: new Date(UPLOADED_AT - 1).toISOString() };

/** Of its own size and format whatever its place. */
const scaled = async (version: Promise<Version>, width: number): Promise<Version> => ({
  ...(await version),
  body: await sharp((await version).body)
    .resize(width)
    .webp()
    .toBuffer(),
  ends: { fault: 'Internal' },
});

const make = ({ body, ends }: Version, index: number) => {
  if ('fault' in ends) return body;
  const small = sharp(body).resize(index === 0 ? 32 : 64);
  return (index === 0 ? small : small.webp()).toBuffer();
};

describe('the verdict is well with', () => {
  test.each([
    ['both renditions of the only version', () => wrong({ first: red }, [red, red])],
    [
      'both renditions of the newest version',
      () => wrong({ first: red, later: green }, [green, green]),
    ],
    ['a dead letter of a poison object', () => wrong({ first: cutOff }, [], [{}])],
    [
      'a dead letter after the last attempt',
      () => wrong({ first: red }, [], [{ code: 'SourceUnavailable', receiveCount: 8 }]),
    ],
    ['an old rendition of a deleted object', () => wrong({ first: red, later: 'deleted' }, [red])],
    [
      'old renditions of an object that became poison, and its dead letter',
      () => wrong({ first: red, later: cutOff }, [red, red], [{}]),
    ],
    [
      'a dead letter that the queue moved, where the faults explain it',
      () => wrong({ first: red }, [], [{ code: 'Unattributed' }], 1),
    ],
  ])('%s', async (_what, found) => {
    expect(await found()).toEqual([]);
  });
});

describe('the verdict fails when', () => {
  test.each([
    ['nothing is there', () => wrong({ first: red }, []), /missing and missing/],
    ['one rendition is missing', () => wrong({ first: red }, [red]), /and missing/],
    ['an old version won', () => wrong({ first: red, later: green }, [red, red]), /newest version/],
    [
      'an old version won one rendition',
      () => wrong({ first: red, later: green }, [green, red]),
      /newest version/,
    ],
    ['the pixels are of no version', () => wrong({ first: red }, [green, green]), /no version/],
    [
      'a rendition has another size',
      () => wrong({ first: red }, [red, scaled(red, 48)]),
      /48x32 webp of .* no version/,
    ],
    [
      'a rendition has another format',
      () => wrong({ first: red }, [scaled(red, 32), red]),
      /32x21 webp of .* no version/,
    ],
    [
      'the dead letter is older than the newest version',
      () =>
        wrong(
          { first: red, later: green },
          [red, red],
          [{ ...EARLIER, code: 'WorkerLost', receiveCount: 8 }],
        ),
      /newest version/,
    ],
    [
      'the dead letter of a poison object is older than it',
      () => wrong({ first: red, later: cutOff }, [], [EARLIER]),
      /no dead letter for Undecodable/,
    ],
    [
      'a worker had a defect',
      () => wrong({ first: red }, [], [{ code: 'Internal', receiveCount: 8 }]),
      /says Internal, which no version/,
    ],
    ['a poison object has no dead letter', () => wrong({ first: cutOff }, []), /no dead letter/],
    [
      'a poison object has a rendition',
      () => wrong({ first: cutOff }, [red], [{}]),
      /no source asked/,
    ],
    [
      'there is a rendition of another name',
      () => wrong({ first: red }, [red, red, red]),
      /no source asked/,
    ],
    [
      "a dead letter tells another file's reason",
      () =>
        wrong({ first: cutOff }, [], [{ message: 'the picture is damaged (libvips: another)' }]),
      /says "the picture is \S+ \(libvips: another\)", where its own object's reason is "the pict/,
    ],
    [
      'a dead letter has no message',
      () => wrong({ first: cutOff }, [], [{ message: '' }]),
      /lacks a part/,
    ],
    [
      'a dead letter has an unknown code',
      () => wrong({ first: red }, [red, red], [{ code: 'Sad' }]),
      /unknown/,
    ],
    [
      'a dead letter is about nothing',
      () => wrong({ first: red }, [red, red], [{ key: 'ecsproc/b' }]),
      /no object/,
    ],
    [
      'a dead letter blames a healthy object',
      () => wrong({ first: red }, [red, red], [{ code: 'Undecodable' }]),
      /no version/,
    ],
    [
      'a job was given up before its last attempt',
      () => wrong({ first: red }, [], [{ code: 'SourceUnavailable', receiveCount: 7 }]),
      /after 7 of 8/,
    ],
    [
      'the queue moved more than the faults explain',
      () => wrong({ first: red }, [], [{ code: 'Unattributed' }]),
      /explain 0/,
    ],
  ])('%s', async (_what, found, says) => {
    expect((await found()).join('\n')).toMatch(says);
  });
});

describe('the manifest of a program', () => {
  const [FILE, MANIFEST] = ['processed/a.png.out/one/input.png', 'processed/manifests/a.png.json'];
  const wrongWith = async (changes: { key?: string; etag?: string }) => {
    const first = await red;
    const { key = FILE, etag = `"${etagOf(first.body)}"` } = changes;
    const source = { bucket: 'photos', key: 'ecsproc/a.png', etag, bytes: first.body.length };
    const outputs = [{ key, bytes: 1, sha256: '00', contentType: 'image/png' }];
    const text = manifestText({ source, recipeHash: '0', outputs });
    const object = { path: 'a.png', first, changes: [], isAnnouncedTwice: false };
    const wanted = [{ key: FILE }, { key: MANIFEST, lists: [FILE] }];
    const expected = { object, sourceKey: source.key, renditions: wanted, newestAt: UPLOADED_AT };
    const renditions = new Map([
      [FILE, first.body],
      [MANIFEST, Buffer.from(text)],
    ]);
    const limits = { maxAttempts: 8, unattributed: 0 };
    return violationsOf([expected], { renditions, deadLetters: [] }, limits);
  };

  test('is of the newest version, and lists what was written', async () => {
    expect(await wrongWith({})).toEqual([]);
  });

  test.each([
    ['lists another file', { key: 'processed/a.png.out/two/input.png' }],
    ['is of another version', { etag: '"older"' }],
  ])('breaks the promise when it %s', async (_what, changes) => {
    expect(await wrongWith(changes)).toHaveLength(1);
  });
});
