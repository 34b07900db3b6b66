import { backgroundOf, hasClearBorder, opaqueBackground } from './background';

describe('the background of a format without transparency', () => {
  test.each([
    ['white by itself', undefined, '#ffffff'],
    ['white for what is transparent', 'transparent', '#ffffff'],
    ['a colour by its name', 'Black', '#000000'],
    ['a colour in three digits', '#369', '#336699'],
    ['a colour in six digits', '#336699', '#336699'],
    ['half a colour on white', '#33669980', '#99b2cc'],
    ['half a colour in four digits on white', '#0008', '#777777'],
  ])('is %s', (_, given, shown) => {
    expect(opaqueBackground(given)).toBe(shown);
  });
});

test('a format with transparency takes the recipe’s background as it is', () => {
  const spec = { name: 'a', background: '#0008' };
  expect(backgroundOf(spec, 'png')).toBe('#0008');
  expect(backgroundOf({ ...spec, compression: 'lzw' }, 'tiff')).toBe('#0008');
  expect(backgroundOf({ ...spec, compression: 'jpeg' }, 'tiff')).toBe('#777777');
  expect(backgroundOf({ name: 'a' }, 'png')).toBeUndefined();
});

test('only contain makes a border that can be seen through, of a background that can', () => {
  expect(hasClearBorder({ name: 'a', fit: 'contain', background: '#fff8' })).toBe(true);
  expect(hasClearBorder({ name: 'a', fit: 'cover', background: '#fff8' })).toBe(false);
  expect(hasClearBorder({ name: 'a', fit: 'contain', background: '#fff' })).toBe(false);
  expect(hasClearBorder({ name: 'a', fit: 'contain' })).toBe(false);
});
