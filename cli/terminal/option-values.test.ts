import { durationInWords, durationOf } from './option-values';

describe('durationOf', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
  ])('reads %s, and says it again', (text, milliseconds) => {
    expect(durationOf(text)).toBe(milliseconds);
    expect(durationInWords(milliseconds)).toBe(text);
  });

  test.each(['', '2', 'h', '2 h', '-2h', '1.5h', '2H', '1w', '1234567s'])('fails on %j', (text) => {
    expect(() => durationOf(text)).toThrow('It must be a duration such as 90s, 15m, 2h or 3d.');
  });

  test('says no time at all in seconds', () => expect(durationInWords(0)).toBe('0s'));
});
