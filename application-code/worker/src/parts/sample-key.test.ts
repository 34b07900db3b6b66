import fc from 'fast-check';
import { pathOfSample, sampleKeyOf } from './sample-key';

test.each([
  ['cats/felix.jpg', 'cats/felix%2Ejpg', 'the first dot would end the key of its sample'],
  ['a/dog.1.jpg', 'a/dog%2E1%2Ejpg', 'each dot would'],
  ['v1.2/dog', 'v1.2/dog', 'a dot in a folder ends nothing'],
  ['.hidden', '%2Ehidden', 'readers skip names that begin with a dot'],
  ['a/../b', 'a/%2E./b', 'no name leads out of its folder'],
  ['__meta__/a', '%5F_meta__/a', 'readers skip names that begin with two underscores'],
  ['_a/_b', '_a/_b', 'one underscore is an ordinary character'],
  ['50%.png', '50%25%2Epng', 'an escape must be told from the character itself'],
  ['a\nb\0', 'a%0Ab%00', 'a tar ends a name at a zero byte'],
  ['Été 1', 'Été 1', 'a tar takes any letter, as PAX'],
  ['a.b//', 'a%2Eb%2F%2F', 'a name that ends in a slash is a folder'],
])('the source %j is the sample %j: %s', (path, key) => {
  expect(sampleKeyOf(path)).toBe(key);
});

const segment = fc.stringMatching(/^[ab.%_2EF/]{0,6}$/);
const path = fc.oneof(segment, fc.string({ unit: 'grapheme' }));

test('a sample key says its path, so that no two sources share one', () => {
  fc.assert(
    fc.property(path, (given) => {
      expect(pathOfSample(sampleKeyOf(given))).toBe(given);
    }),
    { numRuns: 2_000 },
  );
});

test('readers find every sample again, whatever its source is called', () => {
  fc.assert(
    fc.property(
      path.filter((given) => given !== ''),
      (given) => {
        const key = sampleKeyOf(given);
        // What webdataset's `base_plus_ext` and `tar_file_iterator` do.
        const [, base, extension] = /^((?:.*\/|)[^.]+)[.]([^/]*)$/.exec(`${key}.224.jpg`) ?? [];
        expect({ base, extension }).toEqual({ base: key, extension: '224.jpg' });
        expect(key).not.toMatch(/(^|\/)(\.|__)/);
      },
    ),
    { numRuns: 2_000 },
  );
});
