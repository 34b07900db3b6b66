import { MINUTE, NOW } from '../../test/fakes/scaler/examples';
import { scheduledMinute } from './scheduled-minute';

const current = NOW - (NOW % MINUTE);

describe('scheduledMinute', () => {
  test.each([
    [
      'the time that Scheduler fills in',
      { scheduledTime: '2026-03-10T13:59:00Z' },
      current - 6 * MINUTE,
    ],
    [
      'the minute of a time within one',
      { scheduledTime: '2026-03-10T13:59:59.999Z' },
      current - 6 * MINUTE,
    ],
    [
      'the current minute for a placeholder left bare',
      { scheduledTime: '<aws.scheduler.scheduled-time>' },
      current,
    ],
    ['the current minute for a text that is no time', { scheduledTime: 'soon' }, current],
    ['the current minute for an event without a time', {}, current],
    ['the current minute for no event', undefined, current],
    ['the current minute for a null event', null, current],
  ])('is %s', (_reason, event, minute) => {
    expect(scheduledMinute(event, NOW)).toBe(minute);
  });
});
