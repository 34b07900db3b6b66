import { parseFlags } from './arguments';

const FLAGS = { values: ['--tag', '-t'], switches: ['--load'] };

describe('parseFlags', () => {
  test('reads flags to the first other word, and leaves the rest alone', () => {
    const parsed = parseFlags(
      'build',
      ['--tag', 'a', '--load', '--tag=b=c', '.', '--tag', 'x'],
      FLAGS,
    );
    expect(parsed.values('--tag')).toEqual(['a', 'b=c']);
    expect(parsed.has('--load')).toBe(true);
    expect(parsed.rest).toEqual(['.', '--tag', 'x']);
  });

  test.each([
    [['--squash', '.'], 'unknown flag: --squash of docker build'],
    [['--load=true', '.'], 'unknown flag: --load=true'],
    [['--tag'], 'flag needs an argument: --tag'],
  ])('fails when it meets %j, loudly', (words, message) => {
    expect(() => parseFlags('build', words, FLAGS)).toThrow(message);
  });
});
