import { recipeFaults } from './recipe-rules';

const SQUARE = { name: 'a', width: 224, height: 224 } as const;
const RESAMPLED = { ...SQUARE, resample: 'bilinear' } as const;

test.each<[string, object, string]>([
  ...['lanczos3', 'linear'].map((kernel): [string, object, string] => [
    `the kernel ${kernel}`,
    { ...RESAMPLED, kernel },
    '.kernel cannot be had beside resample, which always resizes alike; remove it',
  ]),
  ...[{ position: 'top' }, { trim: true }, { gamma: 2 }, { withoutReduction: true }].map(
    (setting): [string, object, string] => [
      Object.keys(setting).join(),
      { ...RESAMPLED, ...setting },
      `.${Object.keys(setting)} cannot be had beside resample, which always resizes alike; ` +
        'remove it',
    ],
  ),
  [
    'no height',
    { name: 'a', width: 5, resample: 'bilinear' },
    '.resample needs both width and height; add what is missing',
  ],
  [
    'another program’s word',
    { ...SQUARE, resample: 'bilinaer' },
    '.resample must be one of bilinear, but "bilinaer" was given; did you mean `bilinear`?',
  ],
  [
    'a shorter side without resample',
    { ...SQUARE, shorterSide: 256 },
    '.shorterSide needs "resample": "bilinear"; add it, or remove shorterSide',
  ],
  [
    'a central fraction without resample',
    { ...SQUARE, centralFraction: 0.875 },
    '.centralFraction needs "resample": "bilinear"; add it, or remove centralFraction',
  ],
  [
    'a fraction in per cent',
    { ...RESAMPLED, centralFraction: 87.5 },
    '.centralFraction must be a number between 0.01 and 1, but 87.5 was given',
  ],
  [
    'two crops',
    { ...RESAMPLED, shorterSide: 256, centralFraction: 0.875 },
    '.shorterSide and .centralFraction both crop the picture; remove one of them',
  ],
  [
    'a shorter side that is not cropped',
    { ...RESAMPLED, shorterSide: 256, fit: 'contain' },
    '.fit must be cover beside shorterSide, from which the picture is cropped; remove fit',
  ],
  [
    'a shorter side below the crop',
    { ...RESAMPLED, shorterSide: 223 },
    '.shorterSide must be at least as large as width and height; raise it to the larger one',
  ],
])('a rendition fails with %s', (_what, spec, sentence) => {
  expect(recipeFaults([spec])).toEqual([`RECIPE[0]${sentence}`]);
});

test.each([
  { ...RESAMPLED, shorterSide: 224 },
  { ...RESAMPLED, centralFraction: 1, fit: 'contain' },
  { ...RESAMPLED, withoutEnlargement: false, trim: false },
])('a rendition may be %j', (spec) => {
  expect(recipeFaults([spec])).toEqual([]);
});
