import { arrivalsBySecond, mostAtATime } from './local-run';

test('the most tasks at a time are those that ran together, and not all of them', () => {
  const tasks = [
    { startedAt: 1, stoppedAt: 5 },
    { startedAt: 2, stoppedAt: 9 },
    { startedAt: 5, stoppedAt: 8 },
    { startedAt: 9 },
    { stoppedAt: 3 },
  ];
  expect(mostAtATime(tasks)).toBe(2);
  expect(mostAtATime([])).toBe(0);
});

test('uploads are counted by the second, and one without any has its place', () => {
  expect(arrivalsBySecond([2.5, 0.1, 0.9, 2])).toEqual([
    { from: 0, to: 1, objects: 2 },
    { from: 1, to: 2, objects: 0 },
    { from: 2, to: 3, objects: 2 },
  ]);
});
