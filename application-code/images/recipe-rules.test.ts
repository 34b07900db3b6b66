import { parseRecipe } from './recipe';
import { recipeFaults } from './recipe-rules';

describe('a recipe', () => {
  test('takes the words of bulk pipelines', () => {
    const recipe = [
      { name: 'a', still: true, trim: true, gamma: true, greyscale: true, blur: true },
      { name: 'b', gamma: 1.8, blur: 0.3, sharpen: true, colourSpace: 'p3', metadata: 'icc' },
      { name: 'c', sharpen: { sigma: 1, m1: 0, m2: 3, x1: 2, y2: 10, y3: 20 }, trim: false },
      { name: 'd', width: 9, height: 9, fit: 'inside', trim: { background: '#fff', threshold: 0 } },
      { name: 'e', width: 9, withoutEnlargement: true, trim: { lineArt: true, margin: 3 } },
      { name: 'f', format: 'webp', maxBytes: 50_000, metadata: 'copyright' },
      { name: 'g', cacheControl: 'public, max-age=60', contentDisposition: 'attachment' },
    ];
    expect(parseRecipe(JSON.stringify(recipe))).toEqual(recipe);
  });

  test.each<[string, object, string]>([
    [
      'a blur beyond what sharp takes',
      { blur: 0.2 },
      'RECIPE[0].blur must be true, false or a number between 0.3 and 1000, but 0.2 was given',
    ],
    [
      'a sharpening without its sigma',
      { sharpen: { m1: 2 } },
      'RECIPE[0].sharpen must be true, false or an object of sigma, m1, m2, x1, y2, y3, with ' +
        'sigma, but {"m1":2} was given',
    ],
    [
      'a wrong field of an object',
      { sharpen: { sigma: 11 } },
      'RECIPE[0].sharpen.sigma must be a number between 0.000001 and 10, but 11 was given',
    ],
    [
      'a misspelt field of an object',
      { trim: { treshold: 3 } },
      'RECIPE[0].trim.treshold is no setting of trim; did you mean `threshold`?',
    ],
    [
      'a misspelt colour space',
      { colourSpace: 'p-3' },
      'RECIPE[0].colourSpace must be one of srgb, p3, but "p-3" was given; did you mean `p3`?',
    ],
    [
      'a header of two lines',
      { cacheControl: 'no-cache\nx: y' },
      'RECIPE[0].cacheControl must be 1 to 1,000 printable ASCII characters without a space at ' +
        'either end, but "no-cache\\nx: y" was given',
    ],
    [
      'both words for metadata',
      { metadata: 'all', keepMetadata: true },
      'RECIPE[0].keepMetadata must not be given beside metadata, which says more; remove it',
    ],
    [
      'a number of bytes without a format that has a quality',
      { maxBytes: 5_000 },
      'RECIPE[0].maxBytes needs a format that takes it (jpeg, webp, avif); add for example ' +
        '"format": "jpeg"',
    ],
    [
      'a number of bytes of a PNG',
      { maxBytes: 5_000, format: 'png' },
      'RECIPE[0].maxBytes is no setting of png; jpeg, webp, avif take it',
    ],
    [
      'a number of bytes beside lossless',
      { maxBytes: 5_000, format: 'webp', lossless: true },
      'RECIPE[0].maxBytes lowers the quality, and a lossless rendition has none; remove one of ' +
        'them',
    ],
    [
      'Display P3 in a GIF',
      { colourSpace: 'p3', format: 'gif' },
      'RECIPE[0].colourSpace must be srgb in a gif, which holds no profile, but "p3" was given',
    ],
    [
      'a trimmed picture of any height',
      { trim: true, width: 200 },
      'RECIPE[0].trim may leave any proportions, so that the size must be bounded: give both ' +
        'width and height with a fit other than outside, or "withoutEnlargement": true',
    ],
    [
      'a trimmed picture that is cropped by its content',
      { trim: true, width: 9, height: 9, position: 'attention' },
      'RECIPE[0].position must be a side, a corner or the centre beside trim; choose one of these',
    ],
  ])('fails for %s', (_what, spec, fault) => {
    expect(recipeFaults([{ name: 'a', ...spec }])).toEqual([fault]);
  });
});
