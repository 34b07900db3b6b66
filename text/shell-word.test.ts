import { execFileSync } from 'node:child_process';
import { shellWord } from './shell-word';

describe('shellWord', () => {
  test.each([
    ['a b.jpg', "'a b.jpg'"],
    ["it's $HOME", "'it'\\''s $HOME'"],
    ["\u001b[2J it's\n\\n", "$'\\u001b[2J it\\'s\\u000a\\\\n'"],
    ['a\u202egpj', "$'a\\u202egpj'"],
  ])('quotes %j, and bash reads it as it was', (text, word) => {
    expect(shellWord(text)).toBe(word);
    const read = execFileSync('bash', ['--norc', '-c', `printf %s ${word}`], {
      env: { LC_ALL: 'C.UTF-8' },
    });
    expect(read.toString()).toBe(text);
  });
});
