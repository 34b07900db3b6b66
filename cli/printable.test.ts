import { printable } from './printable';

test.each([
  ['an escape sequence', '\u001b[2Ja', '\\u{1b}[2Ja'],
  ['lines and tabs', 'a\r\n\tb', 'a\\u{d}\\u{a}\\u{9}b'],
  ['the others of C0, DEL and C1', '\u0000\u007f\u009b', '\\u{0}\\u{7f}\\u{9b}'],
  ['what turns the direction', 'gpj.\u202eexe', 'gpj.\\u{202e}exe'],
])('printable shows %s', (_title, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('printable leaves alone what can be read', () => {
  const text = 'Été 日本 👨‍👩‍👧 \\ a\u00a0b';
  expect(printable(text)).toBe(text);
});
