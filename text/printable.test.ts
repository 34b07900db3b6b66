import { execFileSync } from 'node:child_process';
import { printable, shellWord } from './printable';

test.each([
  ['an escape sequence', '\u001b[2Ja', '\\u001b[2Ja'],
  ['lines and tabs', 'a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
  ['the others of C0, DEL and C1', '\u0000\u007f\u009b', '\\u0000\\u007f\\u009b'],
  ['what turns the direction', 'gpj.\u202eexe', 'gpj.\\u202eexe'],
])('printable shows %s', (_title, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('printable leaves alone what can be read', () => {
  const text = 'Été 日本 👨‍👩‍👧 \\ a\u00a0b';
  expect(printable(text)).toBe(text);
});

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
