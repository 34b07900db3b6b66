import fc from 'fast-check';
import { ArrivalsError, arrivalsOf, arrivalsOfTable } from './arrivals';

describe('a pattern', () => {
  test('lets all objects arrive, over as long as it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom('burst', 'diurnal'),
        (n, one) => {
          const arrivals = arrivalsOf(one, n) ?? [];
          expect(arrivals.reduce((sum, { objects }) => sum + objects, 0)).toBe(n);
          for (const [index, { from, to, objects }] of arrivals.entries()) {
            expect(objects).toBeGreaterThanOrEqual(0);
            expect(to).toBeGreaterThanOrEqual(from);
            expect(from).toBe(arrivals[index - 1]?.to ?? 0);
          }
        },
      ),
    );
  });

  test.each([
    ['200/s', 1_000, 5],
    ['60/min', 90, 90],
    ['1/d', 2, 172_800],
    ['0.5/s', 10, 20],
  ])('%s has its time for %d objects', (pattern, objects, to) => {
    expect(arrivalsOf(pattern, objects)).toEqual([{ from: 0, to, objects }]);
  });

  test('has most objects of a day at noon, and hardly any at midnight', () => {
    const objects = arrivalsOf('diurnal', 1e6)?.map((one) => one.objects) ?? [];
    expect(objects).toHaveLength(96);
    expect(objects[0]).toBeLessThan(20);
    expect(Math.max(...objects)).toBe(objects[47]);
  });

  test.each(['0/s', '200', '/s', '5/year', 'bursts', ''])('is not %p', (pattern) => {
    expect(arrivalsOf(pattern, 10)).toBeUndefined();
  });

  test('fails when it would take more than a hundred days', () => {
    expect(() => arrivalsOf('1/d', 102)).toThrow(/arrive over 102 days, but at most 100 are/);
  });
});

describe('a table of arrivals', () => {
  test('spreads the objects of a row until the next one, in seconds or in times', () => {
    const expected = [
      { from: 0, to: 60, objects: 5 },
      { from: 60, to: 120, objects: 0 },
      { from: 120, to: 180, objects: 7 },
    ];
    expect(arrivalsOfTable('time,count\n60,5\n120,0\r\n180,7\n')).toEqual(expected);
    const times = ['count,time', '5,2026-03-01T12:00:00Z', '0,2026-03-01T13:01:00+01:00'];
    expect(arrivalsOfTable([...times, '7,2026-03-01T12:02Z'].join('\n'))).toEqual(expected);
  });

  test('takes one row as a burst', () => {
    expect(arrivalsOfTable('time,count\n5,10')).toEqual([{ from: 0, to: 0, objects: 10 }]);
  });

  test.each([
    [
      'times go back',
      'time,count\n60,1\n0,1',
      /^line 3 goes back in time: 0 is not after 60\. Sort/,
    ],
    ['a time comes twice', 'time,count\n0,1\n0,1', /^line 3 goes back in time/],
    [
      'a column is unknown',
      'time,objects\n0,1',
      /^line 1 must name the columns time and count, but/,
    ],
    ['there is one column more', 'time,count,size\n0,1,2', /remove other columns/],
    ['there is no header', '0,1', /^line 1 must name the columns/],
    ['there are no numbers', 'time,count\n\n', /no row below the header/],
    [
      'a number is a word',
      'time,count\n0,many',
      /^line 2 must hold a time .* but 0,many was found/,
    ],
    ['a number is not whole', 'time,count\n0,1.5', /^line 2 must hold/],
    ['a time has no zone', 'time,count\n2026-03-01T12:00:00,1', /^line 2 must hold a time/],
    ['the file is empty', '', /but nothing was found/],
  ])('fails when %s', (_what, text, message) => {
    expect(() => arrivalsOfTable(text)).toThrow(ArrivalsError);
    expect(() => arrivalsOfTable(text)).toThrow(message);
  });
});
