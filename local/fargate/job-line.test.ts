import { parseJobLine } from './job-line';

describe('parseJobLine', () => {
  test('reads the line of a job', () => {
    const line = { event: 'job', outcome: 'done', messageId: 'm', receiveCount: 1 };
    expect(parseJobLine(JSON.stringify(line))).toEqual(line);
  });

  test.each([
    ['{"event":"summary","reason":"job"}', 'another event'],
    ['{"event":"job"', 'half a line'],
    ['a "job" in words', 'no JSON'],
    ['', 'nothing'],
  ])('returns undefined for %s: %s', (line) => {
    expect(parseJobLine(line)).toBeUndefined();
  });
});
