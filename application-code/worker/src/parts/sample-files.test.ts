import { fileExtension } from './sample-files';

const plan = (name: string, suffix: string) => ({
  name,
  pathOf: (path: string) => `${path}${suffix}`,
});

test.each([
  ['jpg', [plan('224', '.jpg')], 'jpg', 'the only output needs no name'],
  ['jpg', [plan('224', '')], 'jpg', 'a rendition is what it is, not what its key says'],
  ['jpg', [plan('224', '.jpg'), plan('299', '.jpg')], '224.jpg', 'names tell outputs apart'],
  [undefined, [plan('224', '.TXT')], 'txt', 'the key of an output says its kind'],
  [undefined, [plan('224', '.json')], '224.json', 'a sample has a .json of its own'],
  [undefined, [plan('224', '.cls')], '224.cls', 'the label of a sample is its .cls'],
  [undefined, [plan('224', '')], 'bin', 'nothing says what it is'],
])(
  'an output that says %s, of the recipe %j, is called .%s: %s',
  (own, plans, extension, _because) => {
    expect(
      fileExtension({ name: '224', ...(own && { extension: own }) }, plans, 'cats/felix'),
    ).toBe(extension);
  },
);

test('the name of an output that ends in its extension does not say it twice', () => {
  const plans = [plan('stem.txt', '.txt'), plan('stem.srt', '.srt')];
  const output = { name: 'stem.srt' };
  expect(fileExtension(output, plans, 'talk')).toBe('stem.srt');
});
