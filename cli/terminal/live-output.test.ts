import { PassThrough } from 'node:stream';
import { openProgressLine, progressBar } from './live-output';

describe('progressBar', () => {
  test.each([
    [0, 0, '[------------------------] 0/0'],
    [5, 10, '[############------------] 5/10'],
    [12, 10, '[########################] 12/12'],
  ])('shows %d of %d', (done, total, shown) => expect(progressBar(done, total)).toBe(shown));
});

describe('a progress line', () => {
  test('replaces itself, fits the terminal, and is cleared without a rest', async () => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 6 });
    const line = await openProgressLine(stream as unknown as NodeJS.WriteStream);
    const written = (act: () => void) => {
      act();
      return stream.read() ?? '';
    };
    expect(written(() => line.clear())).toBe('');
    expect(written(() => line.show('abcdefgh'))).toBe('abcd…\n');
    expect(written(() => line.show('ab'))).toBe(`${ERASED_LINE}ab\n`);
    expect(written(() => line.clear())).toBe(ERASED_LINE);
    expect(written(() => line.clear())).toBe('');
  });
});

/** Erases the empty line below and the line itself, and returns to its first column. */
const ERASED_LINE = '\u001b[2K\u001b[1A\u001b[2K\u001b[G';
