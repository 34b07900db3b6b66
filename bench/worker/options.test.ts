import { CASES } from './cases';
import { readOptions } from './options';
import { SUBJECT_NAMES } from './subjects';

describe('the options of the worker’s benchmark', () => {
  test('have defaults for everything but a folder of photos', () => {
    const rest = { rounds: 5, percent: 100, tls: false, json: false };
    expect(readOptions([])).toEqual({ cases: CASES, subjects: SUBJECT_NAMES, ...rest });
  });

  test('are read from the command line; sharp alone and the worker are always there', () => {
    const given = ['--cases', 'small,png', '--subjects', 'go', '--rounds', '7', '--percent', '50'];
    expect(readOptions([...given, '--photos', '/photos', '--tls', '--json'])).toEqual({
      cases: [expect.objectContaining({ name: 'small' }), expect.objectContaining({ name: 'png' })],
      subjects: ['sharp', 'worker', 'go'],
      rounds: 7,
      percent: 50,
      photos: '/photos',
      tls: true,
      json: true,
    });
  });

  test.each([
    ['no round', ['--rounds', '0'], 'a median needs one'],
    ['a fraction', ['--rounds', '1.5'], 'rounds are whole'],
    ['a word', ['--percent', 'many'], 'a word is no number'],
    ['a share that leaves no batch', ['--percent', '9'], 'fewer than one batch says nothing'],
    ['an unknown case', ['--cases', 'films'], 'it would be left out in silence'],
    ['an unknown subject', ['--subjects', 'rust'], 'it would be left out in silence'],
    ['an unknown option', ['--fles', '10'], 'a misspelt option would be lost'],
  ])('fails when given %s', (_what, args, _reason) => {
    expect(() => readOptions(args)).toThrow(args[1] === '10' ? args[0] : args[1]);
  });

  test('fails when several are wrong, naming each', () => {
    expect(() => readOptions(['--rounds', 'x', '--cases', 'y,png'])).toThrow(
      '--rounds must be a whole number from 1 to 100, but x was given; leave it out for 5\n' +
        '--cases must be some of ' +
        'photos,photos-4,small,png,large,mixed,photos-near,photos-4-near, but y was given; ' +
        'leave it out for all',
    );
  });
});
