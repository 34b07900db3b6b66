import type { Happening } from '../history';
import { hasDied, type Play, playViolations } from './judge';

/** The end of a task, as the history tells it. */
const stopped = (who: string, exitCode: number): Happening => ({
  milliseconds: 0,
  what: 'task',
  who,
  text: '',
  exitCode,
  keys: [],
});
const STORY = { ends: ['renditions'], endsAfterDeath: ['WorkerLost'] };
const PLAY: Play = { ends: 'renditions', happenings: [], defects: [] };
const DEATH: Play = { ...PLAY, victim: 'a', happenings: [stopped('b', 0), stopped('a', 137)] };

describe('a play of a story is well when', () => {
  test.each<[string, Play]>([
    ['it ends as it should and nobody was to die', PLAY],
    ['the worker that was to die has died', DEATH],
    ['it ends as only a death makes it end', { ...DEATH, ends: 'WorkerLost' }],
  ])('%s', (_what, play) => {
    expect(playViolations(STORY, play)).toEqual([]);
    expect(hasDied(play)).toBe(play.victim !== undefined);
  });
});

describe('a play of a story fails when', () => {
  test.each<[string, Play, RegExp]>([
    [
      'it ends as something else',
      { ...PLAY, ends: 'Internal' },
      /ends as Internal, where only renditions/,
    ],
    [
      'it ends as after a death that there was not',
      { ...PLAY, ends: 'WorkerLost' },
      /ends as WorkerLost/,
    ],
    [
      'the worker was not killed',
      { ...DEATH, happenings: [stopped('a', 0)] },
      /was to die and did not/,
    ],
    [
      'another worker was killed',
      { ...DEATH, happenings: [stopped('b', 137)] },
      /was to die and did not/,
    ],
    [
      'the test failed itself',
      { ...PLAY, defects: ['No task a is running.'] },
      /No task a is running/,
    ],
  ])('%s', (_what, play, says) => {
    expect(playViolations(STORY, play).map(({ text }) => text)).toEqual([
      expect.stringMatching(says),
    ]);
  });
});
