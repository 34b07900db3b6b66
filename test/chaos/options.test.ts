import { readOptions } from './options';

test('200 seeds from 1 on, four at a time, unless told otherwise', () => {
  const defaults = { seeds: 200, from: 1, atOnce: 4, killTable: false, verbose: false };
  expect(readOptions([])).toEqual(defaults);
  expect(
    readOptions(['--seeds', '3', '--from=7', '--at-once', '1', '--kill-table', '--verbose']),
  ).toEqual({
    seeds: 3,
    from: 7,
    atOnce: 1,
    killTable: true,
    verbose: true,
  });
});

test.each([
  [['--seeds', '0'], '--seeds must be a whole number from 1 to 999999999, but 0 was given'],
  [['--from', 'x'], '--from must be'],
  [['--at-once', '-1'], '--at-once'],
  [['--seed', '3'], "Unknown option '--seed'"],
])('fails when it is given %j', (args, says) => {
  expect(() => readOptions(args)).toThrow(says);
});
