import { PermanentFault } from '../../worker/src/faults';
import { SoloTurns } from './solo-turns';

/** Work that says when it runs, and ends when it is told to. */
function staged(log: string[], name: string) {
  const ends: (() => void)[] = [];
  const work = () =>
    new Promise<string>((resolve, reject) => {
      log.push(name);
      const nth = ends.length;
      ends.push(() =>
        nth === 0 && name.startsWith('bad') ? reject(new Error(name)) : resolve(name),
      );
    });
  return { work, end: (nth: number) => ends[nth]?.() };
}

const { signal } = new AbortController();
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('work that succeeds runs beside other work, once', async () => {
  const log: string[] = [];
  const turns = new SoloTurns();
  const [a, b] = [staged(log, 'a'), staged(log, 'b')];
  const both = Promise.all([turns.run(a.work, signal), turns.run(b.work, signal)]);
  await settle();
  expect(log).toEqual(['a', 'b']);
  a.end(0);
  b.end(0);
  expect(await both).toEqual(['a', 'b']);
  expect(log).toEqual(['a', 'b']);
});

test('work that fails runs again, and nothing else runs meanwhile', async () => {
  const log: string[] = [];
  const turns = new SoloTurns();
  const [bad, long, late] = [staged(log, 'bad'), staged(log, 'long'), staged(log, 'late')];
  const all = Promise.all([turns.run(bad.work, signal), turns.run(long.work, signal)]);
  await settle();
  bad.end(0);
  await settle();
  const later = turns.run(late.work, signal);
  await settle();
  expect(log).toEqual(['bad', 'long']);
  long.end(0);
  await settle();
  expect(log).toEqual(['bad', 'long', 'bad']);
  bad.end(1);
  expect(await all).toEqual(['bad', 'long']);
  await settle();
  expect(log).toEqual(['bad', 'long', 'bad', 'late']);
  late.end(0);
  await later;
});

test('only the second failure is told, and it is permanent, whether foreseen or not', async () => {
  let calls = 0;
  const failing = (isAlone: boolean) => {
    calls += 1;
    return Promise.reject(new Error(`failure ${calls}, ${isAlone ? 'alone' : 'beside others'}`));
  };
  await expect(new SoloTurns().run(failing, signal)).rejects.toMatchObject({
    name: 'PermanentFault',
    code: 'Internal',
    message: expect.stringContaining('failure 2, alone'),
  });
});

test('a fault without a cause is thrown at once, without a second look', async () => {
  const work = jest.fn(() =>
    Promise.reject(new PermanentFault('TooManyPixels', 'the picture has 9')),
  );
  await expect(new SoloTurns().run(work, signal)).rejects.toMatchObject({ code: 'TooManyPixels' });
  expect(work).toHaveBeenCalledTimes(1);
});

test('an abort ends the wait for the second turn, and the next one gets it', async () => {
  const log: string[] = [];
  const turns = new SoloTurns();
  const [bad, long] = [staged(log, 'bad'), staged(log, 'long')];
  const control = new AbortController();
  const failing = turns.run(bad.work, control.signal);
  const other = turns.run(long.work, signal);
  await settle();
  bad.end(0);
  await settle();
  control.abort(new Error('drained'));
  await expect(failing).rejects.toThrow('drained');
  expect(await turns.run(async () => 'next', signal)).toBe('next');
  long.end(0);
  await other;
});
