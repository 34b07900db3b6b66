import fc from 'fast-check';
import { type PartIndex, parsePartIndex, partIndexText } from './part-index';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const blocks = fc.nat(1_000).map((count) => count * 512);
const source = {
  ...{ key: text, eTag: text, readAt: text, sourceBytes: fc.nat() },
  lastModified: text,
  eventTime: text,
  sequencer: text,
};
const requiredKeys = ['key', 'eTag', 'readAt', 'sourceBytes'] as const;

const index: fc.Arbitrary<PartIndex> = fc
  .record({
    samples: fc.array(
      fc.record(
        {
          ...source,
          ...{ sample: text, offset: blocks, length: blocks, label: text },
          files: fc.array(fc.record({ extension: text, bytes: fc.nat(), sha256: text })),
          columns: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(text, fc.nat())),
        },
        { requiredKeys: [...requiredKeys, 'sample', 'offset', 'length', 'files'] },
      ),
    ),
    leftOut: fc.array(
      fc.record(
        { ...source, leftOut: fc.record({ output: text, because: text }) },
        { requiredKeys: [...requiredKeys, 'leftOut'] },
      ),
    ),
  })
  .map(({ samples, leftOut }) => ({
    ...{ samples, leftOut },
    header: {
      ...{ spillway: 'part', version: 1, recipeHash: '0123456789ab', recipe: { a: [1] } },
      ...{ workload: 'images', bytes: 1024, sha256: 'ff' },
      ...{ samples: samples.length, leftOut: leftOut.length },
    },
  }));

test('an index is read as it was written', () => {
  fc.assert(
    fc.property(index, (given) => {
      expect(parsePartIndex(partIndexText(given))).toEqual(given);
    }),
  );
});

const [header] = fc.sample(index, 1).map((one) => ({ ...one.header, samples: 1, leftOut: 0 }));
const row = {
  ...{ key: 'a', sample: 'a', eTag: '"1"', readAt: 'now', sourceBytes: 1 },
  ...{ offset: 0, length: 1024, files: [{ extension: 'jpg', bytes: 1, sha256: 'ff' }] },
};

function lines(...all: readonly unknown[]): string {
  return all.map((line) => JSON.stringify(line)).join('\n');
}

test.each([
  ['', 'Expected line 1 to be a JSON object but received ""'],
  ['{"spillway": "par', 'Expected line 1 to be a JSON object'],
  [lines({ ...header, version: 2 }, row), 'In line 1, version is wrong'],
  [lines(header), 'Expected 1 samples and 0 sources that were left out'],
  [lines(header, row, row), 'but found 2 and 0'],
  [lines(header, { ...row, offset: 100 }), 'In line 2, offset is wrong'],
  [lines(header, { ...row, key: 7 }), 'In line 2, key is wrong'],
  [lines(header, 7), 'In line 2, the object is wrong'],
])('fails for the index %j: %s', (given, message) => {
  expect(() => parsePartIndex(given)).toThrow(message);
});
