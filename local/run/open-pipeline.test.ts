import { Cleanups } from './open-pipeline';

test('undoes the last thing first, once, and continues after a failure', async () => {
  const cleanups = new Cleanups();
  const undone: string[] = [];
  cleanups.add('The first could not be undone', () => undone.push('first'));
  cleanups.add('The second could not be undone', async () => {
    undone.push('second');
    throw new Error('gone');
  });
  cleanups.add('The third could not be undone', () => undone.push('third'));
  expect(await cleanups.run()).toEqual(['The second could not be undone: gone']);
  expect(await cleanups.run()).toEqual([]);
  expect(undone).toEqual(['third', 'second', 'first']);
});
