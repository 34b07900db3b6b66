import { RecipeError } from '../worker/src/workload/recipe';
import { DEFAULT_RECIPE, parseRecipe } from './recipe';

function faultsOf(recipe: unknown): readonly string[] {
  try {
    parseRecipe(typeof recipe === 'string' ? recipe : JSON.stringify(recipe));
    return [];
  } catch (error) {
    if (error instanceof RecipeError) {
      return error.faults;
    }
    throw error;
  }
}

describe('a recipe', () => {
  test('is read as it was written', () => {
    const recipe = [
      { name: 'small', width: 800, fit: 'inside', quality: 75, background: '#fff' },
      {
        name: 'share.v2',
        width: 1200,
        height: 630,
        position: 'attention',
        format: 'jpeg',
        mozjpeg: true,
      },
      { name: 'tiny', height: 64, format: 'avif', lossless: true, effort: 0, keepMetadata: true },
    ];
    expect(parseRecipe(JSON.stringify(recipe))).toEqual(recipe);
  });

  test('is by default one thumbnail, which the rules themselves allow', () => {
    expect(faultsOf(DEFAULT_RECIPE)).toEqual([]);
  });

  test.each([
    [
      'a width that is a word',
      { name: 'a', width: 'ten' },
      'RECIPE[0].width must be an integer between 1 and 16383, but "ten" was given',
    ],
    [
      'a width of zero',
      { name: 'a', width: 0 },
      'RECIPE[0].width must be an integer between 1 and 16383, but 0 was given',
    ],
    [
      'a height that WebP cannot hold',
      { name: 'a', height: 16384 },
      'RECIPE[0].height must be an integer between 1 and 16383, but 16384 was given',
    ],
    [
      'half a pixel',
      { name: 'a', width: 1.5 },
      'RECIPE[0].width must be an integer between 1 and 16383, but 1.5 was given',
    ],
    [
      'a missing name',
      { width: 5 },
      'RECIPE[0].name must be made of A–Z, a–z, 0–9, dots, underscores and hyphens, and ' +
        'neither "." nor "..", but it is missing',
    ],
    [
      'a name that climbs',
      { name: '..' },
      'RECIPE[0].name must be made of A–Z, a–z, 0–9, dots, underscores and hyphens, and ' +
        'neither "." nor "..", but ".." was given',
    ],
    [
      'a name that is a path',
      { name: 'a/b' },
      'RECIPE[0].name must be made of A–Z, a–z, 0–9, dots, underscores and hyphens, and ' +
        'neither "." nor "..", but "a/b" was given',
    ],
    [
      'an unknown fit',
      { name: 'a', fit: 'crop' },
      'RECIPE[0].fit must be one of cover, contain, fill, inside, outside, but "crop" was given',
    ],
    [
      'an unknown format',
      { name: 'a', format: 'heic' },
      'RECIPE[0].format must be one of jpeg, png, webp, avif, tiff, gif, but "heic" was given',
    ],
    [
      'neighbours that changed places',
      { name: 'a', widht: 5 },
      'RECIPE[0].widht is no setting of a rendition; did you mean `width`?',
    ],
    [
      'a value that is nearly one',
      { name: 'a', format: 'jpg' },
      'RECIPE[0].format must be one of jpeg, png, webp, avif, tiff, gif, but "jpg" was ' +
        'given; did you mean `jpeg`?',
    ],
    [
      'a slip of the finger',
      { name: 'a', qualty: 80 },
      'RECIPE[0].qualty is no setting of a rendition; did you mean `quality`?',
    ],
    [
      'another case',
      { name: 'a', Width: 80 },
      'RECIPE[0].Width is no setting of a rendition; did you mean `width`?',
    ],
    [
      'a quality of zero',
      { name: 'a', format: 'webp', quality: 0 },
      'RECIPE[0].quality must be an integer between 1 and 100, but 0 was given',
    ],
    [
      'a setting of another format',
      { name: 'a', format: 'jpeg', lossless: true },
      'RECIPE[0].lossless is no setting of jpeg; webp, avif take it',
    ],
    [
      'a setting that needs a format',
      { name: 'a', effort: 3 },
      'RECIPE[0].effort needs a format that takes it (png, webp, avif, gif); add for example ' +
        '"format": "png"',
    ],
    [
      'an effort beyond the format’s',
      { name: 'a', format: 'webp', effort: 7 },
      'RECIPE[0].effort must be an integer between 0 and 6, but 7 was given',
    ],
    [
      'a flag that is a word',
      { name: 'a', withoutEnlargement: 'yes' },
      'RECIPE[0].withoutEnlargement must be true or false, but "yes" was given',
    ],
    [
      'a word that names no colour',
      { name: 'a', background: 'reddish' },
      'RECIPE[0].background must be a colour such as "#fff", "#336699", "#33669980", ' +
        '"white", "black" or "transparent", but "reddish" was given',
    ],
    [
      'another word than fail and skip',
      { name: 'a', ifImpossible: true },
      'RECIPE[0].ifImpossible must be one of fail, skip, but true was given',
    ],
    [
      'no object',
      5,
      'RECIPE[0] must be an object such as {"name":"small","width":800}, but 5 was given',
    ],
  ])('fails when it has %s', (_, spec, sentence) => {
    expect(faultsOf([spec])).toEqual([sentence]);
  });

  test.each([
    ['nothing', '', /^RECIPE must be JSON such as \[.*\], but "" was given/],
    ['no JSON', 'small', /^RECIPE must be JSON such as \[.*\], but "small" was given/],
    [
      'an object',
      '{}',
      /^RECIPE must be a list of 1 to 50 renditions, or one of the presets .*, but \{\} was given$/,
    ],
    [
      'no rendition',
      '[]',
      /^RECIPE must be a list of 1 to 50 renditions, or one of the presets .*, but \[\] was given$/,
    ],
  ])('fails when it is %s', (_, json, sentence) => {
    expect(faultsOf(json)).toEqual([expect.stringMatching(sentence)]);
  });

  test('fails when a setting is a property that every object has', () => {
    expect(faultsOf('[{"name":"a","constructor":1},{"name":"b","__proto__":{"width":1}}]')).toEqual(
      [
        expect.stringMatching(
          /^RECIPE\[0\]\.constructor is no setting of a rendition; known settings are name/,
        ),
        expect.stringMatching(/^RECIPE\[1\]\.__proto__ is no setting of a rendition/),
      ],
    );
  });

  test('fails when two names differ only in case, which many disks take for one', () => {
    expect(faultsOf([{ name: 'small' }, { name: 'large' }, { name: 'Small' }])).toEqual([
      'RECIPE[2].name must differ from RECIPE[0].name by more than case, but "Small" was given',
    ]);
  });

  test('fails when the names that may be skipped do not fit into metadata', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        name: `${'n'.repeat(38)}${10 + index}`,
        ifImpossible: 'skip',
      }));
    expect(faultsOf(named(20))).toEqual([]);
    expect(faultsOf(named(21))).toEqual([
      expect.stringMatching(/at most 1000 characters, but 1049 were given/),
    ]);
  });

  test('fails with every fault at once', () => {
    const faults = faultsOf([
      { name: '.', width: 0, height: 'x' },
      { name: 'b', fit: 'big', kernell: 1 },
    ]);
    expect(faults).toHaveLength(5);
    expect(() => parseRecipe('[{"name":".","width":0}]')).toThrow(/name must.*\n.*width must/);
  });
});

test('configuration, command line and synth load a recipe without a native module', () => {
  jest.isolateModules(() => {
    jest.doMock('sharp', () => {
      throw new Error('sharp was loaded');
    });
    expect(require('./recipe').recipe.default).toEqual(DEFAULT_RECIPE);
    expect(() => require('./workload')).toThrow('sharp was loaded');
  });
});
