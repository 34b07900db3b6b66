import { shuffled } from './shuffled';

test('each comes once, and in time each one first', () => {
  const names = ['sharp', 'worker', 'go'];
  const draws = Array.from({ length: 200 }, () => shuffled(names));
  expect(new Set(draws.map((draw) => [...draw].sort().join()))).toEqual(
    new Set(['go,sharp,worker']),
  );
  expect(new Set(draws.map(([first]) => first))).toEqual(new Set(names));
});
