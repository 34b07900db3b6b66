import { lint } from './actionlint';
import { INJECTED, SOUND } from './broken-workflow';
import { brokenRules } from './rules';
import { WORKFLOWS } from './workflow';

const PATH = '.github/workflows/example.yml';

test('there are workflows to look at', () => {
  expect(WORKFLOWS.map(([name]) => name).sort()).toEqual(['ci.yml', 'deploy.yml']);
});

describe.each(WORKFLOWS)('%s', (name, text) => {
  test('keeps the rules of the house', () => {
    expect(brokenRules(text)).toEqual([]);
  });

  test('is sound to actionlint', async () => {
    expect(await lint(text, name)).toEqual([]);
  });
});

test('a sound workflow breaks no rule and is sound to actionlint', async () => {
  expect(brokenRules(SOUND)).toEqual([]);
  expect(await lint(SOUND, PATH)).toEqual([]);
});

describe('the rules', () => {
  test.each<[reason: string, text: string, said: string]>([
    [
      'permissions at the top are missing',
      SOUND.replace('permissions: {}\n', ''),
      '`permissions: {}` is missing',
    ],
    [
      'permissions at the top grant something',
      SOUND.replace('permissions: {}', 'permissions: { contents: read }'),
      '`permissions: {}` is missing',
    ],
    [
      'permissions at the top are the word for all',
      SOUND.replace('permissions: {}', 'permissions: write-all'),
      '`permissions: {}` is missing',
    ],
    [
      'an action is pinned by a tag',
      SOUND.replace(/@de0f\w+ # v6.0.2/, '@v6'),
      'actions/checkout@v6 is not pinned',
    ],
    ['a pin does not say its version', SOUND.replace(' # v6.0.2', ''), 'is not pinned'],
    ['a commit is short', SOUND.replace('5447ce83dd #', ' #'), 'is not pinned'],
    [
      'a job may run without end',
      SOUND.replace('    timeout-minutes: 5\n', ''),
      'The job greet has no timeout-minutes',
    ],
    ['a checkout keeps its token', SOUND.replace(': false', ': true'), 'leaves its token on disk'],
    [
      'an expression stands in a command',
      INJECTED,
      'A command of the job greet holds an expression',
    ],
  ])('fails when %s', (_reason, text, said) => {
    expect(brokenRules(text)).toEqual([expect.stringContaining(said)]);
  });
});

describe('actionlint', () => {
  test.each<[reason: string, text: string, said: string]>([
    [
      'a key is unknown',
      SOUND.replace('timeout-minutes', 'timeout-minute'),
      'unexpected key "timeout-minute"',
    ],
    [
      'a job needs one that is not there',
      SOUND.replace('    timeout', '    needs: build\n    timeout'),
      'build',
    ],
    ['an expression cannot be read', SOUND.replace('.title }}', '.title && }}'), 'unexpected'],
    [
      'a context has no such field',
      SOUND.replace('github.event.', 'github.evnt.'),
      'property "evnt" is not defined',
    ],
    [
      'a runner is not known',
      SOUND.replace('ubuntu-24.04', 'ubuntu-2404'),
      'label "ubuntu-2404" is unknown',
    ],
    ['text of a stranger becomes a command', INJECTED, 'is potentially untrusted'],
  ])('fails when %s', async (_reason, text, said) => {
    expect(await lint(text, PATH)).toContainEqual(expect.stringContaining(said));
  });
});
