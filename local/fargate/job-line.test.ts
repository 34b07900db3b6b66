import { describe, expect, it } from '@jest/globals';
import { parseJobLine } from './job-line';

describe('parseJobLine', () => {
  it('reads the line of a job', () => {
    const line = { event: 'job', outcome: 'done', messageId: 'm', receiveCount: 1 };
    expect(parseJobLine(JSON.stringify(line))).toEqual(line);
  });

  it.each([
    ['{"event":"summary","reason":"job"}', 'another event'],
    ['{"event":"job"', 'half a line'],
    ['a "job" in words', 'no JSON'],
    ['', 'nothing'],
  ])('gives nothing for %s: %s', (line) => {
    expect(parseJobLine(line)).toBeUndefined();
  });
});
