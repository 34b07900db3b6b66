import { mostAtATime } from './local-run';

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
