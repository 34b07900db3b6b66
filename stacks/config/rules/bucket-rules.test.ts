import { dev, faultsOf } from '../../../test/fakes/stacks/broken-blueprint';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab';
const IN = { existingSourceBucket: { name: 'company' } };
/** With it a pipeline has no canaries. */
const image = 'worker';
const OUT = { existingDestinationBucket: { name: 'company' } };

const shared = (one: object, other: object) =>
  dev({ buckets: { shared: true }, pipelines: { one, other } });
const apart = (one: object, other: object) => dev({ pipelines: { one, other } });
const alone = (settings: object) => dev({ pipelines: { one: settings } });
const place = (pipeline: string) => `environments.dev.pipelines.${pipeline}`;

describe('two pipelines with renditions in one bucket', () => {
  const sources = (one: object, other: object) =>
    shared({ sourcePrefix: 'a/', ...one }, { sourcePrefix: 'b/', ...other });
  const recipe = [{ name: 'x', width: 9 }];
  const dataset = { destination: { kind: 'shards' }, destinationPrefix: '' };

  test.each([
    ['one prefix', {}, {}],
    ['one prefix, although their renditions differ', {}, { recipe }],
    [
      'a prefix within a rendition',
      { destinationPrefix: 'o/', recipe },
      { destinationPrefix: 'o/x/' },
    ],
    [
      'a prefix above a rendition',
      { destinationPrefix: 'o/x/y/' },
      { destinationPrefix: 'o/', recipe },
    ],
    ['the parts of a dataset', dataset, { destinationPrefix: 'parts/' }],
  ])('fails for %s', (_, one, other) => {
    expect(faultsOf(sources(one, other))).toEqual([
      expect.stringContaining(
        `${place('other')}.destinationPrefix must keep its renditions apart from those of ` +
          `${place('one')} in their common bucket, but `,
      ),
    ]);
  });

  test.each([
    ['two prefixes', { destinationPrefix: 'o/' }, { destinationPrefix: 'p/' }],
    [
      'nested prefixes whose renditions cannot meet',
      { destinationPrefix: 'o/' },
      { destinationPrefix: 'o/y/', recipe },
    ],
    ['a prefix beside the folders of a dataset', dataset, { destinationPrefix: 'o/' }],
  ])('takes %s', (_, one, other) => {
    expect(faultsOf(sources(one, other))).toEqual([]);
  });

  test('fails for one existing bucket, while own buckets differ', () => {
    expect(faultsOf(apart(OUT, OUT))).toHaveLength(1);
    expect(faultsOf(apart({}, {}))).toEqual([]);
    expect(faultsOf(apart(OUT, { existingDestinationBucket: { name: 'other' } }))).toEqual([]);
  });
});

describe('two pipelines with sources in one bucket', () => {
  const renditions = (one: object, other: object) =>
    shared(
      { destinationPrefix: 'o/', image, ...one },
      { destinationPrefix: 'p/', image, ...other },
    );

  test.each([
    ['one prefix', { sourcePrefix: 'a/' }, { sourcePrefix: 'a/' }],
    ['a prefix within the other', { sourcePrefix: 'a/b/' }, { sourcePrefix: 'a/' }],
    ['the empty prefix', { sourcePrefix: '' }, { sourcePrefix: 'a/' }],
    ['suffixes of one alone', { sourcePrefix: 'a/', suffixes: ['.jpg'] }, { sourcePrefix: 'a/' }],
    [
      'suffixes that hold one another',
      { sourcePrefix: 'a/', suffixes: ['.jpg'] },
      { sourcePrefix: 'a/', suffixes: ['.png', 'pg'] },
    ],
  ])('fails for %s', (_, one, other) => {
    expect(faultsOf(renditions(one, other))).toEqual([
      expect.stringContaining(
        `${place('other')}.sourcePrefix must not overlap with that of ${place('one')} in ` +
          'their common bucket',
      ),
    ]);
  });

  test.each([
    ['two prefixes', { sourcePrefix: 'a/' }, { sourcePrefix: 'b/' }],
    [
      'one prefix and suffixes that no key can have both',
      { sourcePrefix: 'a/', suffixes: ['.jpg'] },
      { sourcePrefix: 'a/', suffixes: ['.png'] },
    ],
    ['an existing bucket, whose EventBridge has no such limit', IN, IN],
  ])('takes %s', (_, one, other) => {
    expect(faultsOf(renditions(one, other))).toEqual([]);
  });

  test('fails for more notifications than a bucket has', () => {
    const pipeline = (index: number, count: number) => ({
      image,
      sourcePrefix: `s${index}/`,
      destinationPrefix: `d${index}/`,
      suffixes: Array.from({ length: count }, (_, suffix) => `.${suffix + 10}`),
    });
    const counts = (...all: number[]) =>
      dev({
        buckets: { shared: true },
        pipelines: Object.fromEntries(
          all.map((count, index) => [`p${index}`, pipeline(index, count)]),
        ),
      });
    expect(faultsOf(counts(20, 20, 20, 20, 20, 0))).toEqual([
      'environments.dev.pipelines must have at most 100 suffixes in all, a pipeline ' +
        'without any counting as one, since a bucket has no more notifications, but 101 were ' +
        'given',
    ]);
    expect(faultsOf(counts(20, 20, 20, 20, 19, 0))).toEqual([]);
  });
});

describe('sources and renditions in one bucket', () => {
  test.each([
    ['the same prefix', { sourcePrefix: 'a/', destinationPrefix: 'a/' }],
    ['renditions below the sources', { sourcePrefix: 'a/', destinationPrefix: 'a/b/' }],
    ['renditions below the empty prefix', { sourcePrefix: '', destinationPrefix: 'b/' }],
    [
      'sources in the folder of a rendition',
      { sourcePrefix: 'b/224x224/', destinationPrefix: 'b/' },
    ],
  ])('fails for %s', (_, prefixes) => {
    expect(faultsOf(alone({ ...IN, ...OUT, image, ...prefixes }))).toEqual([
      expect.stringContaining(
        `${place('one')}.destinationPrefix must lie outside sourcePrefix of ` +
          `${place('one')} in their common bucket, since outputs would become sources, ` +
          'endlessly, but ',
      ),
    ]);
  });

  test.each([
    ['two prefixes', { ...IN, ...OUT }],
    [
      'sources beside the renditions',
      { ...IN, ...OUT, sourcePrefix: 'b/in/', destinationPrefix: 'b/' },
    ],
    ['one prefix in two buckets', { ...IN, sourcePrefix: 'a/', destinationPrefix: 'a/' }],
    ['one prefix in own buckets', { sourcePrefix: 'a/', destinationPrefix: 'a/' }],
  ])('takes %s', (_, settings) => {
    expect(faultsOf(alone(settings))).toEqual([]);
  });

  test('fails when one pipeline would feed another', () => {
    const one = { ...OUT, destinationPrefix: 'ecsproc/thumbnails/' };
    expect(faultsOf(apart(one, IN))).toEqual([
      expect.stringContaining(
        `${place('one')}.destinationPrefix must lie outside sourcePrefix of ${place('other')}`,
      ),
    ]);
    expect(faultsOf(apart({ ...one, destinationPrefix: 'thumbnails/' }, IN))).toEqual([]);
  });
});

describe('where canaries put their objects', () => {
  const empty = { sourcePrefix: '' };
  const named = { recipe: [{ name: 'canary', width: 9 }], destinationPrefix: '' };

  test.each([
    ['the empty source prefix', alone(empty), 'sourcePrefix', '""'],
    [
      'a source prefix that is theirs',
      alone({ sourcePrefix: 'canary/' }),
      'sourcePrefix',
      '"canary/"',
    ],
    [
      'a source prefix below theirs',
      alone({ sourcePrefix: 'canary/a/' }),
      'sourcePrefix',
      '"canary/a/"',
    ],
    [
      'renditions in their folder',
      alone({ destinationPrefix: 'canary/a/' }),
      'destinationPrefix',
      '"canary/a/"',
    ],
    ['a rendition that is called like it', alone(named), 'destinationPrefix', '""'],
  ])('fails for %s, and says what helps', (_, blueprint, setting, given) => {
    const why =
      setting === 'sourcePrefix'
        ? 'keep out of canary/, where'
        : 'keep its renditions out of canary/, which';
    expect(faultsOf(blueprint)).toEqual([
      expect.stringMatching(
        new RegExp(
          `${place('one')}.${setting} must ${why} canaries of ${place('one')} .*but ` +
            `${given} was given`,
        ),
      ),
    ]);
    expect(faultsOf(blueprint)[0]).toContain(
      `choose another prefix, or give ${place('one')} an image`,
    );
  });

  test(
    'fails for a pipeline with an image whose sources lie in a bucket that canaries of ' +
      'another use',
    () => {
      const given = { image, ...IN, sourcePrefix: '', destinationPrefix: 'p/' };
      const sentence = expect.stringContaining(`where canaries of ${place('other')} put objects`);
      expect(faultsOf(apart(given, { ...IN, sourcePrefix: 'b/' }))).toEqual([sentence]);
      expect(faultsOf(apart(given, OUT))).toContainEqual(sentence);
    },
  );

  test.each([
    ['every key, with an image', alone({ ...empty, image })],
    ['a prefix that only looks like theirs', alone({ sourcePrefix: 'canary-birds/' })],
    ['every key of a bucket that no canary uses', apart({ ...empty, image }, {})],
    ['renditions everywhere but there', alone({ destinationPrefix: '' })],
  ])('takes %s', (_, blueprint) => {
    expect(faultsOf(blueprint)).toEqual([]);
  });
});

describe('an existing bucket that is named twice', () => {
  test('fails when it would have two keys', () => {
    const locked = { existingSourceBucket: { name: 'company', kmsKeyArn: KEY } };
    const sentence =
      `must give company the same kmsKeyArn as ${place('one')}, but ${KEY} and none were ` +
      'given';
    expect(faultsOf(apart(IN, locked))).toEqual([`${place('other')} ${sentence}`]);
    expect(faultsOf(alone({ ...OUT, ...locked }))).toHaveLength(1);
    expect(faultsOf(apart(locked, locked))).toEqual([]);
  });
});
