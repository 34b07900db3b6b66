import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUIET_SECONDS } from '../lambda/scaler/uploads';
import { wakeUpLines } from './wake-up-bill';

const MONTH = 730 * 3_600;
const dollarsOf = (usage: Parameters<typeof wakeUpLines>[0]) =>
  wakeUpLines(usage).reduce((sum, { dollars }) => sum + dollars, 0);
const costs = readFileSync(join(__dirname, '..', 'docs', 'costs.md'), 'utf8').replace(/\s+/g, ' ');
const settings = readFileSync(join(__dirname, '..', 'docs', 'configuration.md'), 'utf8');

describe('the bill of wake-ups', () => {
  test('has the published price of a million of each', () => {
    const million = { events: 1e6, requests: 1e6, runs: 1e6 };
    expect(wakeUpLines(million)).toMatchObject([
      { kind: 'eventbridge', dollars: 1 },
      { kind: 'wake-queue', dollars: 0.5 },
      { kind: 'wake-ups', dollars: expect.closeTo(0.2 + 25_000 * 0.0000133334 + 0.66 * 0.5, 6) },
    ]);
    expect(wakeUpLines(undefined)).toEqual([]);
  });

  test('is at most what docs/ says for a month, whatever arrives', () => {
    // The most that fits: an upload as soon as the quiet time of the one before is over.
    const each = dollarsOf({ events: 0, requests: 4, runs: 2 });
    const runs = Math.ceil((MONTH / QUIET_SECONDS) * each * 100) / 100;
    const polls = dollarsOf({ events: 0, requests: (MONTH * 5) / 20, runs: 0 });
    expect(costs).toContain(`cost at most $${runs.toFixed(2)} a month`);
    expect(costs).toContain(`polls of the queue up to $${polls.toFixed(2)}.`);
    expect(settings).toContain('$1.50 per million uploads and at most $1.60 a month');
    expect(runs + polls).toBeLessThan(1.6);
  });
});
