import { labelByFolder, labelByPattern, labelPatternFault } from './label';

describe('labelByFolder', () => {
  test.each([
    ['a/dog/1.jpg', 'dog'],
    ['dog/1.jpg', 'dog'],
    ['große Hunde. 2/1.jpg', 'große Hunde. 2'],
    ['1.jpg', undefined],
  ])('of %j is %j, the folder that holds the file', (path, label) => {
    expect(labelByFolder(path)).toBe(label);
  });
});

describe('labelByPattern', () => {
  test.each([
    ['^([^/]+)/', 'dog/a/1.jpg', 'dog'],
    ['(?<label>n\\d+)_(\\d+)', 'train/n01440764_18.JPEG', 'n01440764'],
    ['(\\d)_(?<label>\\p{L}+)', '7_köter.jpg', 'köter'],
    ['^x/(\\w+)', 'y/1.jpg', undefined],
    ['(?:^x/(\\w+)|^y/)', 'y/1.jpg', undefined],
    ['^(\\w+)/(?<label>\\d)?', 'y/a.jpg', undefined],
    ['^(\\d*)', 'y/1.jpg', undefined],
  ])('%s finds in %j the label %j', (pattern, path, label) => {
    expect(labelByPattern(pattern, path)).toBe(label);
  });
});

describe('labelPatternFault', () => {
  test.each(['^([^/]+)/', '(?<label>a)(b)', '(?:a|b)(c)', '(a)|b'])('takes %s', (pattern) => {
    expect(labelPatternFault(pattern)).toBeUndefined();
  });

  const must = 'must be a regular expression with one group or a group `(?<label>…)`, but ';
  test.each([
    ['^[^/]+/', `${must}"^[^/]+/" has no groups`],
    ['(a)(b)', `${must}"(a)(b)" has 2 groups`],
    ['(?<name>a)(b)', `${must}"(?<name>a)(b)" has 2 groups`],
    ['', `${must}"" has no groups`],
    [
      '([^/]+',
      `${must}"([^/]+" cannot be read: Invalid regular expression: /([^/]+/u: Unterminated group`,
    ],
  ])('fails when the pattern is %j', (pattern, fault) => {
    expect(labelPatternFault(pattern)).toBe(fault);
  });
});
