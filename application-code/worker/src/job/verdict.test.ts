import fc from 'fast-check';
import { PermanentFault, TransientFault } from '../faults';
import type { SourceResult } from './job';
import { verdictOf } from './verdict';

const done: SourceResult = { outcome: 'done', key: 'd', renditions: [] };
const gone: SourceResult = { outcome: 'gone', key: 'g' };
const permanent: SourceResult = {
  outcome: 'failed',
  key: 'p',
  fault: new PermanentFault('Undecodable', 'no'),
};
const transient: SourceResult = {
  outcome: 'failed',
  key: 't',
  fault: new TransientFault('AccessDenied', 'no'),
};
const interrupted: SourceResult = { outcome: 'interrupted', key: 'i', because: 'drain' };
const given = (results: SourceResult[], receiveCount: number, isBlameless = false) =>
  verdictOf(results, { receiveCount, maxAttempts: 8, isBlameless });

describe('verdictOf', () => {
  test.each<[SourceResult[], number, object, string]>([
    [[done, gone], 1, { action: 'acknowledge' }, 'nothing is left to do'],
    [[permanent], 1, { action: 'dead-letter', key: 'p' }, 'another attempt cannot help'],
    [
      [transient],
      7,
      { action: 'release', isDelayed: true, isBlameless: false },
      'an attempt is left',
    ],
    [[transient], 8, { action: 'dead-letter', key: 't' }, 'it was the last attempt'],
    [
      [done, permanent, transient],
      7,
      { action: 'release', isDelayed: true, isBlameless: false },
      'the transient one may still succeed',
    ],
    [[transient, permanent], 8, { action: 'dead-letter', key: 'p' }, 'the permanent one says more'],
    [
      [interrupted, permanent],
      8,
      { action: 'release', isDelayed: false, isBlameless: true },
      'an interruption is not its fault',
    ],
  ])('given %j on receive %i says %j, since %s', (results, receiveCount, verdict) => {
    expect(given(results, receiveCount)).toMatchObject(verdict);
  });

  test.each([7, 8, 20])('releases a blameless job on receive %i', (receiveCount) => {
    expect(given([transient, permanent], receiveCount, true)).toEqual({
      action: 'release',
      isDelayed: true,
      isBlameless: true,
    });
  });

  test('acknowledges only what has no failure, and releases nothing after the last attempt', () => {
    const results = fc.array(fc.constantFrom(done, gone, permanent, transient));
    fc.assert(
      fc.property(results, fc.integer({ min: 1, max: 20 }), (some, receiveCount) => {
        const { action } = given(some, receiveCount);
        expect(action === 'acknowledge').toBe(some.every(({ outcome }) => outcome !== 'failed'));
        if (receiveCount >= 8) expect(action).not.toBe('release');
      }),
    );
  });
});
