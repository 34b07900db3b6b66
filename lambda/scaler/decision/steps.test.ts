import { parseSteps, stepsFault } from './steps';

const FIRST = { from: 1, tasks: 1 };

test.each([
  ['1:1', [FIRST]],
  ['1:1,500:10', [FIRST, { from: 500, tasks: 10 }]],
  [' 1:1 , 500:10 ', [FIRST, { from: 500, tasks: 10 }]],
])('parseSteps reads %j', (text, steps) => {
  expect(parseSteps(text)).toEqual(steps);
});

test.each([
  ['nothing', ''],
  ['a word', 'fast'],
  ['a step without tasks', '1'],
  ['no task', '1:0'],
  ['a sign', '1:-1'],
  ['a fraction', '1:1,2.5:2'],
  ['an empty step', '1:1,,5:2'],
  ['a first step from 0', '0:1'],
  ['a first step from 2', '2:1'],
  ['a step that repeats', '1:1,1:2'],
  ['steps whose jobs fall', '1:1,500:10,100:20'],
  ['steps whose tasks fall', '1:2,500:1'],
  ['steps whose tasks repeat', '1:1,500:1'],
  ['more jobs than any queue has', '1:1,1000000001:2'],
  ['more tasks than any fleet has', '1:5001'],
  ['too many steps', Array.from({ length: 21 }, (_, at) => `${at + 1}:${at + 1}`).join(',')],
])('parseSteps refuses %s', (_what, text) => {
  expect(parseSteps(text)).toBeUndefined();
});

describe('stepsFault says', () => {
  test('nothing of steps that rise', () => {
    expect(stepsFault([FIRST, { from: 2, tasks: 2 }])).toBeUndefined();
  });

  test('why the first step is from 1 job, and where it is instead', () => {
    expect(stepsFault([{ from: 10, tasks: 1 }])).toBe(
      'must begin with a step from 1 job, since fewer jobs than the first step would wait until ' +
        'the queue drops them, but the first is from 10',
    );
  });

  test.each([
    [{ from: 1, tasks: 2 }, '2 tasks from 1 job on'],
    [{ from: 9, tasks: 1 }, '1 task from 9 jobs on'],
  ])('which step does not rise: %j', (step, words) => {
    expect(stepsFault([FIRST, step])).toBe(
      `must rise in \`from\` and in \`tasks\`, but 1 task from 1 job on is followed by ${words}`,
    );
  });
});
