import { FakeClock } from '../../../test/fakes/clock';
import { jsonLog } from './log';

test('a line is one JSON object with time, level, event, and errors as messages', () => {
  const lines: string[] = [];
  const log = jsonLog('info', (line) => lines.push(line), new FakeClock());
  log('warn', { event: 'receive-failed', error: new TypeError('two\nlines') });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    timestamp: '2026-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'receive-failed',
    error: 'TypeError: two\nlines',
  });
});

test('lines below the lowest level are dropped, but never the summary', () => {
  const lines: string[] = [];
  const log = jsonLog('warn', (line) => lines.push(line), new FakeClock());
  log('info', { event: 'started' });
  log('info', { event: 'summary' });
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['summary']);
});

test('the summary counts the lines that were written, itself included and dropped ones not', () => {
  const lines: string[] = [];
  const log = jsonLog('info', (line) => lines.push(line), new FakeClock());
  log('info', { event: 'started' });
  log('debug', { event: 'dropped' });
  log('info', { event: 'job' });
  log('info', { event: 'summary', done: 1 });
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'summary', done: 1, logLines: 3 });
});
