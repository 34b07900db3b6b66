import { readOptions } from './options';

describe('the options of the worker’s benchmark', () => {
  test('have defaults for everything but a folder of photos', () => {
    expect(readOptions([])).toEqual({ files: 960, roundTripMilliseconds: 25, json: false });
  });

  test('are read from the command line', () => {
    const given = ['--files', '40', '--photos', '/photos', '--round-trip-ms', '0', '--json'];
    expect(readOptions(given)).toEqual({
      files: 40,
      photos: '/photos',
      roundTripMilliseconds: 0,
      json: true,
    });
  });

  test.each([
    ['nine files', ['--files', '9'], 'fewer than one batch says nothing'],
    ['a fraction', ['--files', '10.5'], 'files are whole'],
    ['a word', ['--files', 'many'], 'a word is no number'],
    ['an eleven-second round trip', ['--round-trip-ms', '11000'], 'the run would not end'],
    ['an unknown option', ['--fles', '10'], 'a misspelt option would be lost'],
  ])('fails when given %s', (_what, args, _reason) => {
    expect(() => readOptions(args)).toThrow(args[0]);
  });

  test('fails when several are wrong, naming each', () => {
    expect(() => readOptions(['--files', 'x', '--round-trip-ms', 'y'])).toThrow(
      '--files must be a whole number from 10 to 100000, but x was given; leave it out for 960\n' +
        '--round-trip-ms must be a whole number from 0 to 10000, but y was given; leave it out for 25',
    );
  });
});
