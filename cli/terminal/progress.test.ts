import { bar, progressOn } from './progress';

describe('bar', () => {
  test.each([
    [0, 0, '[------------------------] 0/0'],
    [5, 10, '[############------------] 5/10'],
    [12, 10, '[########################] 12/12'],
  ])('shows %d of %d', (done, total, shown) => expect(bar(done, total)).toBe(shown));
});

describe('progressOn', () => {
  test('renews one line, never longer than the terminal, and leaves it empty', () => {
    const written: string[] = [];
    const line = progressOn({ columns: 6, write: (text) => written.push(text) });
    line.clear();
    line.show('abcdefgh');
    line.clear();
    line.clear();
    expect(written).toEqual(['\r\u001b[Kabcd…', '\r\u001b[K']);
  });
});
