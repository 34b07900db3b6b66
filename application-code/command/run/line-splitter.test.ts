import { LineSplitter, MAX_LINE_BYTES } from './line-splitter';

function linesOf(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test.each([
  ['at newlines', ['a\nb\n'], ['a', 'b']],
  ['at carriage returns', ['1%\r2%\r\n3%'], ['1%', '2%', '3%']],
  ['across chunks', ['a', 'b\nc', '', 'd'], ['ab', 'cd']],
  ['without empty lines', ['\n\na\n\n'], ['a']],
  ['with characters in two chunks', [Buffer.from([0xc3]), Buffer.from([0xa9, 10])], ['é']],
  ['of nothing', [], []],
])('splits %s', (_where, chunks, lines) => {
  expect(linesOf(...chunks)).toEqual(lines);
});

test('cuts a line between two characters', () => {
  const [line = ''] = linesOf(`a${'é'.repeat(MAX_LINE_BYTES)}\n`);
  expect(line).toBe(`a${'é'.repeat(MAX_LINE_BYTES / 2 - 1)}`);
});

test('a line of which a part is left out is left out up to its end', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  splitter.push(Buffer.from('one\ntw'));
  splitter.skip();
  splitter.push(Buffer.from('of another\nthree\n'));
  expect(lines).toEqual(['one', 'tw', 'three']);
});
