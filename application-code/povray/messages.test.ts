import { progressReader, refusalIn, unwrap } from './messages';

/** As POV-Ray 3.7 writes them. */
const OF_A_SCENE = `
File 'x.pov' line 1: Possible Parse Error: Cannot find file '/usr/share/fonts/tr
uetype/dejavu/DejaVuSans.ttf', even after trying to append file type extension.
File 'x.pov' line 1: Parse Error: Expected 'object or
 directive', } found instead
Fatal error in parser: Cannot parse input.
Render failed
`.split('\n');

describe('unwrap', () => {
  test('joins broken lines, at a blank and within a word, and drops empty ones', () => {
    expect(unwrap(OF_A_SCENE)).toEqual([
      "File 'x.pov' line 1: Possible Parse Error: Cannot find file '/usr/share/fonts/truetype/" +
        "dejavu/DejaVuSans.ttf', even after trying to append file type extension.",
      "File 'x.pov' line 1: Parse Error: Expected 'object or directive', } found instead",
      'Fatal error in parser: Cannot parse input.',
      'Render failed',
    ]);
  });
});

describe('refusalIn', () => {
  test.each<[what: string, lines: readonly string[], refusal: string | undefined]>([
    [
      'a scene, with the errors of the last line that the parser reads',
      ["File 'x.pov' line 2: Possible Parse Error: assumed_gamma", ...OF_A_SCENE],
      "File 'x.pov' line 1: Possible Parse Error: Cannot find file '/usr/share/fonts/truetype/" +
        "dejavu/DejaVuSans.ttf', even after trying to append file type extension. " +
        "File 'x.pov' line 1: Parse Error: Expected 'object or directive', } found instead",
    ],
    [
      'a scene without a line on its error',
      ['Fatal error in parser: Cannot open file.', 'Render failed'],
      'Fatal error in parser: Cannot open file.',
    ],
    [
      'settings',
      ['Problem with option setting', './x.ini +O../out/x.png', 'No input file provided'],
      'Problem with option setting; ./x.ini +O../out/x.png; No input file provided',
    ],
    [
      'a place where it may not write its settings',
      ['terminate called after throwing', "  what():  Cannot open file '/i.ini' for output."],
      "terminate called after throwing  what():  Cannot open file '/i.ini' for output.",
    ],
    ['no lack of memory', ['Fatal error in parser: Out of memory.'], undefined],
    ['no failed picture', ['Fatal error in renderer: Cannot write.'], undefined],
    ['nothing', [], undefined],
  ])('finds %s', (_what, lines, refusal) => {
    expect(refusalIn(lines)).toBe(refusal);
  });
});

describe('progressReader', () => {
  test('counts the pixels of one picture', () => {
    const progressOf = progressReader();
    expect(progressOf('==== [Rendering...] ====')).toBeUndefined();
    expect(progressOf('Rendered 1024 of 76800 pixels (1%)')).toEqual({
      fraction: 0.01,
      text: 'rendering',
    });
  });

  test('counts the frames of an animation with the pixels of the one that it renders', () => {
    const progressOf = progressReader();
    expect(progressOf('Rendering frame 3 of 4')).toEqual({ fraction: 0.5, text: 'frame 3 of 4' });
    const half = progressOf('Rendered 38400 of 76800 pixels (50%)');
    expect(half).toEqual({ fraction: 0.625, text: 'frame 3 of 4' });
  });
});
