import { scheduledMinute } from '../lambda/scaler/scheduled-minute';
import { SCHEDULE_INPUT, SCHEDULE_RETRY } from './schedule';

test('the scaler reads the minute that Scheduler writes into the input', () => {
  const sent = SCHEDULE_INPUT.replace('<aws.scheduler.scheduled-time>', '2026-11-24T10:02:00Z');
  expect(scheduledMinute(JSON.parse(sent), 0)).toBe(Date.parse('2026-11-24T10:02:00Z'));
});

test('a run that was missed is not repeated', () => {
  expect(SCHEDULE_RETRY.maximumRetryAttempts).toBe(0);
});
